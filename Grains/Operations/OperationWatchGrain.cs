using Kataven.Operations;
using Kataven.Rollouts;
using Orleans.Concurrency;

namespace Kataven.Grains.Operations;

/// <summary>Asks each operation, and each rollout, that runs whether somebody works on it: where nobody does, the asking itself has it go on.</summary>
[Reentrant]
internal sealed class OperationWatchGrain(OperationTable table, TimeProvider time) : Grain, IOperationWatchGrain
{
    /// <summary>Every silo asks it to look.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private long? _lookedAt;

    public async Task LookAsync()
    {
        if (_lookedAt is { } last && time.GetElapsedTime(last) < LookEvery)
        {
            return;
        }

        _lookedAt = time.GetTimestamp();
        var running = await table.RunningAsync(default);
        // A rollout goes on when it is asked for, too.
        await GrainFactory.GetGrain<IRolloutBoardGrain>(0).ListAsync();
        await Task.WhenAll(running.Select(id => GrainFactory.GetGrain<IOperationGrain>(id).ResumeAsync()));
    }
}
