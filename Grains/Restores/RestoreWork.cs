using System.Text.Json.Nodes;
using Kataven.Accounts;
using Kataven.Backups;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Backups;
using Kataven.Grains.Operations;
using Kataven.Operations;

namespace Kataven.Grains.Restores;

/// <summary>Restores a backup: in the place of the account's own database, or into a new account.</summary>
internal sealed class RestoreWork(BackupTable backups, RestoredContent content, InPlace inPlace, NewAccounts newAccounts) : IOperationWork
{
    public string Kind => OperationKind.Restore;

    public async Task<JsonObject?> RunAsync(OperationContext context)
    {
        await context.StepAsync("restore.check", 0).ConfigureAwait(false);
        var backup = await FindAsync(context).ConfigureAwait(false);
        var result = NewAccounts.IntoOf(context) is { } into
            ? await BesideAsync(context, backup, into).ConfigureAwait(false)
            : await InPlaceAsync(context, backup).ConfigureAwait(false);
        result["backup_id"] = backup.Id;
        RestoredContent.TellSkipped(context, result);
        return result;
    }

    public async Task CleanUpAsync(OperationContext context)
    {
        if (NewAccounts.IntoOf(context) is { } into)
        {
            await newAccounts.RemoveAsync(context, into).ConfigureAwait(false);
        }

        await inPlace.RemoveRestsAsync(context.Id, context.Cancellation).ConfigureAwait(false);
        await content.RemoveRestsAsync(context).ConfigureAwait(false);
    }

    private async Task<JsonObject> InPlaceAsync(OperationContext context, Backup backup)
    {
        var (account, credential) = await inPlace.AccountAsync(context).ConfigureAwait(false);
        if (!await inPlace.IsSwappedAsync(context.Id, context.Cancellation).ConfigureAwait(false))
        {
            await content.FillAsync(context, backup, credential).ConfigureAwait(false);
        }

        return await inPlace.SwapAsync(context, account, credential, WorkingDatabases.NameOf(context.Id), backup.SchemaVersion ?? 0).ConfigureAwait(false);
    }

    private async Task<JsonObject> BesideAsync(OperationContext context, Backup backup, AccountId into)
    {
        var (account, credential) = await newAccounts.ReserveAsync(context, into).ConfigureAwait(false);
        if (!await newAccounts.IsPlacedAsync(account, context.Cancellation).ConfigureAwait(false))
        {
            await content.FillAsync(context, backup, credential).ConfigureAwait(false);
        }

        await newAccounts.PlaceAsync(context, account, backup.SchemaVersion ?? 0).ConfigureAwait(false);
        return new JsonObject { ["account_id"] = into.Value };
    }

    private async Task<Backup> FindAsync(OperationContext context)
    {
        var id = context.Arguments["backup_id"]!.GetValue<Guid>();
        return await backups.FindAsync(id, context.Cancellation).ConfigureAwait(false) is { IsComplete: true } backup
            ? backup
            : throw new OperationFailedException(Refusal.Of(ErrorCode.BackupNotFound, "There is no such backup, or it is not complete."));
    }
}
