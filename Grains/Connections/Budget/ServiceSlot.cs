using Kataven.Accounts;

namespace Kataven.Grains.Connections.Budget;

/// <summary>
/// The slot of a connection that the service opens with an account's role, for a migration: such a role gets none of the connections that
/// the server keeps for stronger ones, so it takes its place among the accounts' lanes.
/// </summary>
internal sealed class ServiceSlot : ISlotUser
{
    /// <summary>How long a slot is waited for.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    private readonly IConnectionSlots _slots;

    private ServiceSlot(IConnectionSlots slots) => _slots = slots;

    /// <summary>The process that serves the connection, once it is open.</summary>
    public int? ProcessId { get; set; }

    /// <inheritdoc/>
    public long? IdleSince => null;

    /// <inheritdoc/>
    public IEnumerable<int> ProcessIds => ProcessId is { } id ? [id] : [];

    /// <summary>Null where every slot was busy for <see cref="Within"/>.</summary>
    public static async Task<ServiceSlot?> TakeAsync(IConnectionSlots slots, TimeProvider time, CancellationToken cancellation)
    {
        var slot = new ServiceSlot(slots);
        using var limit = new CancellationTokenSource(Within, time);
        using var wanted = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        if (await slots.TakeAsync(slot, wanted.Token).ConfigureAwait(false))
        {
            return slot;
        }

        cancellation.ThrowIfCancellationRequested();
        return null;
    }

    /// <inheritdoc/>
    public bool TryEvict() => false;

    /// <inheritdoc/>
    public void CloseUnused(TimeSpan unusedFor)
    {
        // It is in use until it is closed.
    }

    /// <summary>The connection is closed, and PostgreSQL's side is gone.</summary>
    public void GiveBack() => _slots.GiveBack(this);

    /// <summary>The connection is closed, and PostgreSQL's side is not gone.</summary>
    public void Abandon(string role, int processId) => _slots.Abandon(this, role, processId);
}
