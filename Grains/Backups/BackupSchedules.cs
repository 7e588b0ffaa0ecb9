using Kataven.Backups;
using Kataven.Grains.Housekeeping;
using Kataven.Operations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Backups;

/// <summary>Begins the backups that are due. How many are made at a time is the dumps' own limit.</summary>
internal sealed partial class BackupSchedules(BackupTable backups, IGrainFactory grains, IOptions<BackupOptions> options, ILogger<BackupSchedules> logger) : IHousekeeping
{
    /// <summary>Who wants it, in the audit log.</summary>
    private const string Actor = "kataven backup-schedule";

    /// <summary>Begun at one time: what is left is due a minute later.</summary>
    private const int AtOnce = 100;

    public async Task TidyAsync(CancellationToken cancellation)
    {
        foreach (var account in await backups.ListDueAsync(options.Value.DefaultSchedule, AtOnce, cancellation).ConfigureAwait(false))
        {
            var request = new OperationRequest(OperationKind.Backup, account, $$"""{"reason":"{{BackupReason.Scheduled}}"}""", [account], Actor);
            var begun = await grains.GetGrain<IOperationGrain>(Guid.NewGuid()).StartAsync(request).WaitAsync(cancellation).ConfigureAwait(false);
            if (begun.Refusal is { } refusal)
            {
                LogNotBegun(account.Value, refusal.Detail);
            }
        }
    }
}
