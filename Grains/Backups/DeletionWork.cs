using System.Text.Json.Nodes;
using Kataven.Accounts;
using Kataven.Backups;
using Kataven.Grains.Accounts;
using Kataven.Grains.Operations;
using Kataven.Operations;

namespace Kataven.Grains.Backups;

/// <summary>
/// Removes an account: its requests are refused, a last backup is made, and then database, role and row go. Where the backup fails, the
/// account is as it was.
/// </summary>
internal sealed class DeletionWork(IGrainFactory grains, AccountTable accounts, BackupMaker maker) : IOperationWork
{
    private const string Former = "former";

    private static readonly AccountStatus[] Deleting = [AccountStatus.Deleting];

    public string Kind => OperationKind.Deletion;

    public async Task<JsonObject?> RunAsync(OperationContext context)
    {
        var grain = grains.GetGrain<IAccountGrain>(context.Account.Value);
        if (await accounts.ReadAsync(context.Account, context.Cancellation).ConfigureAwait(false) is not { } row)
        {
            // An earlier attempt came to its end.
            return null;
        }

        if (context.Arguments[Former] is null)
        {
            await context.RememberAsync(Former, AccountStatusText.Of(row.Account.Status)).ConfigureAwait(false);
        }

        await context.StepAsync("delete.stop", 0).ConfigureAwait(false);
        await grain.StopForDeletionAsync().ConfigureAwait(false);
        JsonObject? result = null;
        if (context.Arguments["backup"]?.GetValue<bool>() == true && row.HasDatabase && WasServed(context))
        {
            result = new JsonObject { ["backup_id"] = (await maker.KeepAsync(context, row.Account, BackupReason.Last, 0.85).ConfigureAwait(false)).Id };
        }

        await context.StepAsync("delete.drop", 0.9).ConfigureAwait(false);
        await maker.KeepDeletedAsync(row.Account, context.Cancellation).ConfigureAwait(false);
        await grain.DeleteAsync().ConfigureAwait(false);
        return result;
    }

    public async Task CleanUpAsync(OperationContext context)
    {
        await maker.DiscardAsync(context).ConfigureAwait(false);
        if (AccountStatusText.TryParse(context.Arguments[Former]?.GetValue<string>(), out var former) && former != AccountStatus.Deleting)
        {
            await accounts.TrySetStatusAsync(context.Account, Deleting, former, "its deletion failed", context.Cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>What was never finished has nothing worth keeping.</summary>
    private static bool WasServed(OperationContext context) => context.Arguments[Former]?.GetValue<string>() is not ("provisioning" or "failed");
}
