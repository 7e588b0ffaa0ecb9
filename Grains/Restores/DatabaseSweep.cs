using Kataven.Grains.Accounts;
using Kataven.Grains.Backups;
using Kataven.Grains.Housekeeping;
using Kataven.Grains.Operations;
using Kataven.Operations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Restores;

/// <summary>Removes working databases whose operation has ended, and replaced ones that were kept for long enough.</summary>
internal sealed partial class DatabaseSweep(
    SystemDatabase system, WorkingDatabases databases, OperationTable operations, IOptions<BackupOptions> options, TimeProvider time, ILogger<DatabaseSweep> logger)
    : IHousekeeping
{
    private const string Named = "SELECT datname::text FROM pg_database WHERE datname ~ '^_[0-9a-f]{32}r?$'";

    public async Task TidyAsync(CancellationToken cancellation)
    {
        foreach (var name in await system.NamesAsync(Named, [], cancellation).ConfigureAwait(false))
        {
            var id = Guid.ParseExact(name.AsSpan(1, 32), "N");
            // One that is no operation's of this system is somebody else's.
            if (await operations.FindAsync(id, cancellation).ConfigureAwait(false) is { } operation
                && await IsOverAsync(operation, isReplaced: name.EndsWith('r'), cancellation).ConfigureAwait(false))
            {
                await databases.DropAsync(name, cancellation).ConfigureAwait(false);
                LogDropped(name, operation.Kind, operation.AccountId);
            }
        }
    }

    private async Task<bool> IsOverAsync(Operation operation, bool isReplaced, CancellationToken cancellation)
    {
        if (operation.Status == OperationStatus.Running)
        {
            return false;
        }

        // Somebody may be swapping it back.
        return !isReplaced
            || (time.GetUtcNow() - operation.FinishedAt > options.Value.KeepReplaced
                && await operations.ClaimantAsync(operation.AccountId, cancellation).ConfigureAwait(false) is null);
    }
}
