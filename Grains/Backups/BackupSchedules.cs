using Kataven.Accounts;
using Kataven.Backups;
using Kataven.Grains.Housekeeping;
using Kataven.Operations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Backups;

/// <summary>Begins the backups, and the proofs of them, that are due. How many are made at a time is the dumps' own limit.</summary>
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
            await BeginAsync(
                new OperationRequest(OperationKind.Backup, account, $$"""{"reason":"{{BackupReason.Scheduled}}"}""", [account], Actor), cancellation).ConfigureAwait(false);
        }

        foreach (var backup in await backups.ListToVerifyAsync(options.Value.DefaultVerifyEvery, AtOnce, cancellation).ConfigureAwait(false))
        {
            await BeginAsync(
                new OperationRequest(OperationKind.Verification, AccountId.Parse(backup.AccountId), $$"""{"backup_id":"{{backup.Id}}"}""", [], Actor),
                cancellation).ConfigureAwait(false);
        }
    }

    private async Task BeginAsync(OperationRequest request, CancellationToken cancellation)
    {
        var begun = await grains.GetGrain<IOperationGrain>(Guid.NewGuid()).StartAsync(request).WaitAsync(cancellation).ConfigureAwait(false);
        if (begun.Refusal is { } refusal)
        {
            LogNotBegun(request.Kind, request.Account.Value, refusal.Detail);
        }
    }
}
