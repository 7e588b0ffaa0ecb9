using System.Collections.Immutable;
using Kataven.Accounts;

namespace Kataven.Backups;

/// <summary>Which backups there are, and how often new ones are made.</summary>
[Alias("kataven.IBackupCatalogGrain")]
public interface IBackupCatalogGrain : IGrainWithIntegerKey
{
    /// <summary>The newest first, also those of a deleted account.</summary>
    [Alias("List")]
    Task<ImmutableArray<Backup>> ListAsync(AccountId account);

    [Alias("Get")]
    Task<BackupResult> GetAsync(AccountId account, Guid backup);

    [Alias("Find")]
    Task<Backup?> FindAsync(Guid backup);

    [Alias("Delete")]
    Task<BackupResult> DeleteAsync(AccountId account, Guid backup);

    /// <summary>The account's own, or the service's default.</summary>
    [Alias("GetSchedule")]
    Task<BackupScheduleResult> GetScheduleAsync(AccountId account);

    /// <param name="account">The account.</param>
    /// <param name="schedule">Null goes back to the service's default.</param>
    [Alias("SetSchedule")]
    Task<BackupScheduleResult> SetScheduleAsync(AccountId account, BackupSchedule? schedule);
}
