namespace Kataven.Grains.Connections;

/// <summary>A request that waits for a lane. It is woken once: with a lane, or with a refusal.</summary>
internal sealed class LaneWaiter
{
    private readonly TaskCompletionSource<LaneGrant> _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its place in the queue, or null once it was taken out. Guarded by the pool's lock.</summary>
    public LinkedListNode<LaneWaiter>? Node { get; set; }

    /// <summary>It has waited for as long as it may, and stays for the lane that is being opened for it. Guarded by the pool's lock.</summary>
    public bool IsOverdue { get; set; }

    public Task<LaneGrant> Woken => _woken.Task;

    public void Wake(LaneGrant grant) => _woken.SetResult(grant);
}
