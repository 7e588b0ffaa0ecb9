using Kataven.Grains.Housekeeping;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Backups;

/// <summary>Removes backups whose time is over.</summary>
internal sealed class BackupRetention(BackupTable backups, IBackupStore store, IOptions<BackupOptions> options) : IHousekeeping
{
    public async Task TidyAsync(CancellationToken cancellation)
    {
        await backups.ExpireOrphansAsync(options.Value.KeepDeleted, cancellation).ConfigureAwait(false);
        foreach (var backup in await backups.ListExpiredAsync(options.Value.DefaultKeep, cancellation).ConfigureAwait(false))
        {
            await backups.DeleteAsync(backup.Id, cancellation).ConfigureAwait(false);
            await store.DeleteAsync(new BackupName(backup.AccountUid, backup.Id), cancellation).ConfigureAwait(false);
        }
    }
}
