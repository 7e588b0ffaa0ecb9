namespace Kataven.Grains.Queries.Fast;

/// <summary>The two kinds of lane.</summary>
internal enum LaneKind
{
    /// <summary>One request at a time, whatever it does.</summary>
    Exclusive,

    /// <summary>The reads of many callers in one round trip.</summary>
    Fast,
}
