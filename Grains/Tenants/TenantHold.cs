namespace Kataven.Grains.Tenants;

/// <summary>
/// An operation has the account's database for itself: requests wait before the door. It ends when its holder says so, and on its
/// own where the holder does not renew it.
/// </summary>
internal sealed class TenantHold : IDisposable
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _lease;

    /// <param name="holder">The operation.</param>
    /// <param name="lease">How long it lasts unless it is renewed.</param>
    /// <param name="keepsLanes">The database stays the one that it is.</param>
    /// <param name="expired">Called when it was not.</param>
    /// <param name="time">The clock.</param>
    public TenantHold(Guid holder, TimeSpan lease, bool keepsLanes, Action<Guid> expired, TimeProvider time)
    {
        (Holder, KeepsLanes) = (holder, keepsLanes);
        _lease = time.CreateTimer(_ => expired(holder), null, lease, Timeout.InfiniteTimeSpan);
    }

    public Guid Holder { get; }

    /// <summary>
    /// Connections stay open, and the activation goes on after it. Once it does not, it never does again. Whoever owns it locks it.
    /// </summary>
    public bool KeepsLanes { get; set; }

    /// <summary>Ends when requests may go on.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Requests that wait for it. Whoever owns it locks it.</summary>
    public int Waiting { get; set; }

    /// <summary>Their memory.</summary>
    public long WaitingBytes { get; set; }

    public void Renew(TimeSpan lease) => _lease.Change(lease, Timeout.InfiniteTimeSpan);

    public void Open() => _opened.TrySetResult();

    public void Dispose() => _lease.Dispose();
}
