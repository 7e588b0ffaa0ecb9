using Kataven.Operations;
using Kataven.Rollouts;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Kataven.Grains.Operations;

/// <summary>Asks each operation, and each rollout, that runs whether somebody works on it: where nobody does, the asking itself has it go on.</summary>
[Reentrant]
internal sealed partial class OperationWatchGrain(OperationTable table, TimeProvider time, ILogger<OperationWatchGrain> logger) : Grain, IOperationWatchGrain
{
    /// <summary>Every silo asks it to look.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private long? _lookedAt;
    private Task _waking = Task.CompletedTask;

    public async Task LookAsync()
    {
        if (_lookedAt is { } last && time.GetElapsedTime(last) < LookEvery)
        {
            return;
        }

        _lookedAt = time.GetTimestamp();
        var running = await table.RunningAsync(default);
        await Task.WhenAll(running.Select(id => GrainFactory.GetGrain<IOperationGrain>(id).ResumeAsync()));
        if (_waking.IsCompleted)
        {
            // The board takes one call at a time: nobody waits for it here.
            _waking = WakeAsync();
        }
    }

    /// <summary>A rollout goes on when it is asked for.</summary>
    private async Task WakeAsync()
    {
        try
        {
            await GrainFactory.GetGrain<IRolloutBoardGrain>(0).WakeAsync();
        }
        catch (Exception exception)
        {
            LogWakeFailed(exception);
        }
    }
}
