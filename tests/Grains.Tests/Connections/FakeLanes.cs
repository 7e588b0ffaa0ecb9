using System.Runtime.CompilerServices;
using Kataven.Grains.Connections;

namespace Kataven.Grains.Tests.Connections;

/// <summary>Lanes with nothing behind them, so that the pool's clock and races can be turned by hand.</summary>
internal sealed class FakeLanes : ILaneSource
{
    private int _opened;
    private int _terminated;

    /// <summary>What opening a lane comes to.</summary>
    public Func<CancellationToken, Task<LaneGrant>> Opens { get; set; } = _ => Task.FromResult(LaneGrant.Of(NewLane()));

    /// <summary>Whether a lane that was used can be used again.</summary>
    public Func<bool> Resets { get; set; } = () => true;

    /// <summary>How PostgreSQL's side ends: whether it is gone.</summary>
    public Func<CancellationToken, Task<bool>> Closes { get; set; } = _ => Task.FromResult(true);

    /// <summary>Lanes whose server has gone.</summary>
    public HashSet<Lane> Dead { get; } = [];

    public int Opened => _opened;

    public int Terminated => _terminated;

    public static Lane NewLane() => (Lane)RuntimeHelpers.GetUninitializedObject(typeof(Lane));

    public Task<LaneGrant> OpenAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _opened);
        return Opens(cancellation);
    }

    public Task<LaneGrant> OpenFastAsync(CancellationToken cancellation) => OpenAsync(cancellation);

    public bool IsAlive(Lane lane) => !Dead.Contains(lane);

    public Task ResetAsync(Lane lane, CancellationToken cancellation) =>
        Resets() ? Task.CompletedTask : Task.FromException(new InvalidOperationException("Broken."));

    public Task<bool> CloseAsync(Lane lane, bool isBroken, CancellationToken giveUp)
    {
        if (isBroken)
        {
            Interlocked.Increment(ref _terminated);
        }

        return Closes(giveUp);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
