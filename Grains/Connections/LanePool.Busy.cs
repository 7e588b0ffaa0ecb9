namespace Kataven.Grains.Connections;

// What a silo that drains looks at.
internal sealed partial class LanePool
{
    /// <summary>How long what runs longest has had its lane; zero where nothing runs.</summary>
    public TimeSpan BusyFor => Locked(book => book.BusyFor);
}
