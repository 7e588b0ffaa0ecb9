using Kataven.Grains.Housekeeping;
using Kataven.Grains.Operations;
using Kataven.Operations;

namespace Kataven.Grains.Backups;

/// <summary>Removes from the store what no backup's row knows: what a process left that died between the two.</summary>
internal sealed class StoreSweep(BackupTable backups, OperationTable operations, IBackupStore store, TimeProvider time) : IHousekeeping
{
    /// <summary>Longer than any dump or restore may take, since theirs may have no row.</summary>
    private static readonly TimeSpan OlderThan = TimeSpan.FromDays(8);

    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(6);

    private long? _sweptAt;

    public async Task TidyAsync(CancellationToken cancellation)
    {
        if (_sweptAt is { } last && time.GetElapsedTime(last) < SweepEvery)
        {
            return;
        }

        _sweptAt = time.GetTimestamp();
        await store.RemoveUnfinishedAsync(OlderThan, cancellation).ConfigureAwait(false);
        await foreach (var entry in store.ListAsync(cancellation).ConfigureAwait(false))
        {
            // What no operation of this system made is another system's, or this one's from before its system database was lost.
            if (time.GetUtcNow() - entry.WrittenAt > OlderThan
                && await backups.FindAsync(entry.Name.BackupId, cancellation).ConfigureAwait(false) is null
                && await operations.FindAsync(entry.Name.BackupId, cancellation).ConfigureAwait(false) is { Status: not OperationStatus.Running })
            {
                await store.DeleteAsync(entry.Name, cancellation).ConfigureAwait(false);
            }
        }
    }
}
