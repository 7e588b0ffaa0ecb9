namespace Kataven.Grains.Connections.Budget;

/// <summary>One that waits for a slot: an account of this silo, or, with no user, the rest of the cluster.</summary>
internal sealed class SlotTurn(ISlotUser? user, long since)
{
    private readonly TaskCompletionSource<bool> _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ISlotUser? User { get; } = user;

    /// <summary>Since when it waits, as a timestamp.</summary>
    public long Since { get; } = since;

    /// <summary>Whether it has got one.</summary>
    public Task<bool> Taken => _taken.Task;

    public void End(bool taken) => _taken.TrySetResult(taken);
}
