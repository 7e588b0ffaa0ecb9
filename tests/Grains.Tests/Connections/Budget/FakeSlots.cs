using Kataven.Grains.Connections.Budget;

namespace Kataven.Grains.Tests.Connections.Budget;

/// <summary>As many slots as somebody asks for, or as many as a test gives.</summary>
internal sealed class FakeSlots : IConnectionSlots
{
    private int _taken;

    /// <summary>What whoever asks waits for.</summary>
    public Func<CancellationToken, ValueTask<bool>> Takes { get; set; } = _ => ValueTask.FromResult(true);

    public bool Yields { get; set; }

    public int Budget => 1_000;

    public int Taken => _taken;

    public List<int> Abandoned { get; } = [];

    public async ValueTask<bool> TakeAsync(ISlotUser user, CancellationToken wanted)
    {
        var takes = await Takes(wanted);
        Interlocked.Add(ref _taken, takes ? 1 : 0);
        return takes;
    }

    public bool TryTake(ISlotUser user)
    {
        Interlocked.Increment(ref _taken);
        return true;
    }

    public void GiveBack(ISlotUser user) => Interlocked.Decrement(ref _taken);

    public void Abandon(ISlotUser user, string role, int processId) => Abandoned.Add(processId);

    public bool MustYield(ISlotUser user) => Yields;

    public void CameIdle()
    {
    }
}
