using Kataven.Queries;

namespace Kataven.Grains.Queries.Fast;

/// <summary>⑤ Decides whether a statement goes to the fast lane, or needs a lane of its own.</summary>
internal static class LaneChoice
{
    /// <summary>A caller that is in more of a hurry gets a lane of its own, whose clock is its own too.</summary>
    public static readonly TimeSpan ShortestTime = TimeSpan.FromSeconds(1);

    /// <summary>With one lane alone, the fast one would leave none for anything else.</summary>
    public const int FewestLanes = 2;

    /// <param name="readOnly">The caller's word: that it only reads stands for a first run; that it writes, for none.</param>
    /// <param name="fits">The statement may run among others.</param>
    /// <param name="isQuick">A lane of its own has shown that its text is quick.</param>
    /// <param name="isShut">Its text failed on the fast lane lately.</param>
    /// <param name="time">How long the statement may run.</param>
    /// <param name="maxLanes">How many lanes the account may have.</param>
    public static LaneKind Of(bool? readOnly, bool fits, bool isQuick, bool isShut, TimeSpan time, int maxLanes) =>
        maxLanes >= FewestLanes && time >= ShortestTime && readOnly != false && fits && !isShut && (isQuick || readOnly == true)
            ? LaneKind.Fast
            : LaneKind.Exclusive;
}
