using Kataven.Accounts;
using Kataven.Backups;
using Kataven.Grains.Housekeeping;
using Kataven.Operations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Backups;

/// <summary>
/// Begins the backups, and the proofs of them, that are due: no more at a time than can be made, since an account whose backup waits for its
/// turn can be neither migrated nor restored.
/// </summary>
internal sealed partial class BackupSchedules(
    BackupTable backups, IGrainFactory grains, IOptions<BackupOptions> options, TimeProvider time, ILogger<BackupSchedules> logger) : IHousekeeping
{
    /// <summary>Who wants it, in the audit log.</summary>
    private const string Actor = "kataven backup-schedule";

    /// <summary>Looked up at one time: what is left is due a minute later.</summary>
    private const int AtOnce = 500;

    /// <summary>What has not been begun by then is due the next time: other housekeeping waits.</summary>
    private static readonly TimeSpan BeginWithin = TimeSpan.FromSeconds(45);

    private readonly List<Task> _running = [];

    public async Task TidyAsync(CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        var due = await backups.ListDueAsync(options.Value.DefaultSchedule, AtOnce, cancellation).ConfigureAwait(false);
        var unproved = await backups.ListToVerifyAsync(options.Value.DefaultVerifyEvery, AtOnce, cancellation).ConfigureAwait(false);
        OperationRequest[] requests =
        [
            .. due.Select(account => new OperationRequest(OperationKind.Backup, account, $$"""{"reason":"{{BackupReason.Scheduled}}"}""", [account], Actor)),
            .. unproved.Select(backup => new OperationRequest(
                OperationKind.Verification, AccountId.Parse(backup.AccountId), $$"""{"backup_id":"{{backup.Id}}"}""", [], Actor)),
        ];
        foreach (var request in requests)
        {
            if (!await HasRoomAsync(begun, cancellation).ConfigureAwait(false))
            {
                return;
            }

            _running.Add(RunAsync(request));
        }
    }

    private async Task<bool> HasRoomAsync(long begun, CancellationToken cancellation)
    {
        while (_running.RemoveAll(task => task.IsCompleted) >= 0 && _running.Count >= options.Value.MaxParallel)
        {
            var left = BeginWithin - time.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            await ((Task)Task.WhenAny(_running)).WaitAsync(left, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }

        return true;
    }

    /// <summary>Ends when the operation does.</summary>
    private async Task RunAsync(OperationRequest request)
    {
        try
        {
            var operation = grains.GetGrain<IOperationGrain>(Guid.NewGuid());
            var begun = await operation.StartAsync(request).ConfigureAwait(false);
            if (begun.Refusal is { } refusal)
            {
                LogNotBegun(null, request.Kind, request.Account.Value, refusal.Detail);
                return;
            }

            await operation.WaitAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogNotBegun(exception, request.Kind, request.Account.Value, "its silo could not be reached");
        }
    }
}
