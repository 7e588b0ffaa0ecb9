namespace Kataven.Grains.Connections;

// What a silo that drains looks at.
internal sealed partial class LanePool
{
    /// <inheritdoc cref="LaneBook.LongestBusy"/>
    public TimeSpan LongestBusy => Locked(book => book.LongestBusy);
}
