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
internal sealed class DeletionWork(IGrainFactory grains, AccountTable accounts, AccountDatabase database, BackupMaker maker) : IOperationWork
{
    private const string Former = "former";

    /// <summary>From here on there is no way back.</summary>
    private const string Dropping = "dropping";

    private static readonly AccountStatus[] Deleting = [AccountStatus.Deleting];

    public string Kind => OperationKind.Deletion;

    public async Task<JsonObject?> RunAsync(OperationContext context)
    {
        var grain = grains.GetGrain<IAccountGrain>(context.Account.Value);
        if (await accounts.ReadAsync(context.Account, context.Cancellation).ConfigureAwait(false) is not { } row)
        {
            // An earlier attempt has removed it.
            return ResultOf(context);
        }

        if (context.Arguments[Former] is null)
        {
            await context.RememberAsync(Former, AccountStatusText.Of(row.Account.Status)).ConfigureAwait(false);
        }

        var keeps = context.Arguments["backup"]?.GetValue<bool>() == true && WasServed(context) && await database.ExistsAsync(context.Account, context.Cancellation).ConfigureAwait(false);
        if (keeps && context.Arguments[Dropping] is null)
        {
            // While it is active still: one that was never used has to be put in order first.
            await maker.AccountAsync(context.Account, context.Cancellation).ConfigureAwait(false);
        }

        await context.StepAsync("delete.stop", 0).ConfigureAwait(false);
        await grain.StopForDeletionAsync(row.Account.Uid).ConfigureAwait(false);
        if (keeps && context.Arguments[Dropping] is null)
        {
            await maker.KeepAsync(context, row.Account, BackupReason.Last, 0.85).ConfigureAwait(false);
            await context.RememberAsync("backup_id", context.Id).ConfigureAwait(false);
        }

        await context.StepAsync("delete.drop", 0.9).ConfigureAwait(false);
        await context.RememberAsync(Dropping, true).ConfigureAwait(false);
        await grain.DeleteAsync(row.Account.Uid).ConfigureAwait(false);
        return ResultOf(context);
    }

    public async Task CleanUpAsync(OperationContext context)
    {
        // Once something of it was dropped, it can only be deleted again.
        if (context.Arguments[Dropping] is null
            && AccountStatusText.TryParse(context.Arguments[Former]?.GetValue<string>(), out var former) && former != AccountStatus.Deleting
            && await accounts.ReadAsync(context.Account, context.Cancellation).ConfigureAwait(false) is { Account: var account })
        {
            await accounts.TrySetStatusAsync(account, Deleting, former, "its deletion failed", context.Cancellation).ConfigureAwait(false);
        }

        await maker.DiscardAsync(context).ConfigureAwait(false);
    }

    private static JsonObject? ResultOf(OperationContext context) =>
        context.Arguments["backup_id"]?.GetValue<Guid>() is { } backup ? new JsonObject { ["backup_id"] = backup } : null;

    /// <summary>What was never finished has nothing worth keeping.</summary>
    private static bool WasServed(OperationContext context) => context.Arguments[Former]?.GetValue<string>() is not ("provisioning" or "failed");
}
