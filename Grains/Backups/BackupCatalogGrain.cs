using System.Collections.Immutable;
using Kataven.Accounts;
using Kataven.Backups;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Kataven.Grains.Backups;

/// <summary>Reads the table of backups, and removes some.</summary>
[StatelessWorker, Reentrant]
internal sealed partial class BackupCatalogGrain(
    BackupTable backups, IBackupStore store, AccountTable accounts, IOptions<BackupOptions> options, ILogger<BackupCatalogGrain> logger)
    : Grain, IBackupCatalogGrain
{
    public async Task<ImmutableArray<Backup>> ListAsync(AccountId account) => [.. await backups.ListAsync(account, default)];

    public async Task<BackupResult> GetAsync(AccountId account, Guid backup) =>
        await backups.FindAsync(backup, default) is { } found && found.AccountId == account.Value ? BackupResult.Of(found) : BackupResult.NotFound;

    public Task<Backup?> FindAsync(Guid backup) => backups.FindAsync(backup, default);

    public async Task<BackupResult> DeleteAsync(AccountId account, Guid backup)
    {
        var result = await GetAsync(account, backup);
        if (result.Backup is not { } found)
        {
            return result;
        }

        if (found.Status == "running")
        {
            return BackupResult.Refused(Refusal.Of(ErrorCode.OperationRunning, "The backup is being made.") with { OperationId = found.Id });
        }

        // A file that no row knows is removed later; a row without its file would be a promise.
        await backups.DeleteAsync(backup, default);
        try
        {
            await store.DeleteAsync(new BackupName(found.AccountUid, found.Id), default);
        }
        catch (BackupStoreException exception)
        {
            LogFileLeft(exception, found.Id, account.Value);
        }

        return result;
    }

    public async Task<BackupScheduleResult> GetScheduleAsync(AccountId account)
    {
        if (await accounts.ReadAsync(account, default) is null)
        {
            return NotFound;
        }

        var schedule = await backups.FindScheduleAsync(account, default);
        return new BackupScheduleResult(
            schedule ?? (options.Value.DefaultSchedule is { } every ? new BackupSchedule(every, options.Value.DefaultKeep, options.Value.DefaultVerifyEvery) : null), null);
    }

    public async Task<BackupScheduleResult> SetScheduleAsync(AccountId account, BackupSchedule? schedule)
    {
        if (await accounts.ReadAsync(account, default) is null)
        {
            return NotFound;
        }

        await (schedule is null ? backups.RemoveScheduleAsync(account, default) : backups.SetScheduleAsync(account, schedule, default));
        return new BackupScheduleResult(schedule, null);
    }

    private static readonly BackupScheduleResult NotFound = new(null, Refusal.Of(ErrorCode.AccountNotFound, "There is no such account."));
}
