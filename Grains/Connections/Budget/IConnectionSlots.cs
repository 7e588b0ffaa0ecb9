namespace Kataven.Grains.Connections.Budget;

/// <summary>This silo's share of the connections that the whole cluster may hold for accounts. Thread-safe.</summary>
internal interface IConnectionSlots
{
    /// <summary>The budget of the whole cluster, as it was told last.</summary>
    int Budget { get; }

    /// <summary>Leave to open a connection, in turn with all who wait for one. A user waits for one at a time.</summary>
    /// <returns>False where it was not <paramref name="wanted"/> any more.</returns>
    ValueTask<bool> TakeAsync(ISlotUser user, CancellationToken wanted);

    /// <summary>The same, where one is free that nobody waits for.</summary>
    bool TryTake(ISlotUser user);

    /// <summary>The connection is closed, and PostgreSQL's side is gone.</summary>
    void GiveBack(ISlotUser user);

    /// <summary>The connection is closed, and PostgreSQL's side is not gone: its slot comes back when it is.</summary>
    void Abandon(ISlotUser user, string role, int processId);

    /// <summary>Whether the next lane that comes free is another account's turn.</summary>
    bool MustYield(ISlotUser user);

    /// <summary>A lane has come idle: somebody may wait for its slot.</summary>
    void CameIdle();
}
