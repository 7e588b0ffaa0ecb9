namespace Kataven.Grains.Connections.Budget;

// What tells whether the silo is still taken for alive.
internal sealed partial class ConnectionSlots
{
    /// <summary>The budget's owner has answered lately: no other member has taken this silo for dead since.</summary>
    public bool IsHeard => WasHeardWithin(LeaseFor);

    /// <summary>The same, for who counts on a shorter time.</summary>
    public bool WasHeardWithin(TimeSpan limit)
    {
        lock (_lock)
        {
            return IsRecent(_toldAt, limit);
        }
    }
}
