using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Checking;

/// <summary>A place in an account's time.</summary>
/// <param name="Half">Twice the epoch; one more than a closed epoch's where its data has been replaced and the next epoch has not begun.</param>
/// <param name="Tally">The counter.</param>
internal readonly record struct Moment(int Half, long Tally) : IComparable<Moment>
{
    public static readonly Moment Beginning = new(0, -1);

    /// <summary>The latest time at which the account was in the state that was seen.</summary>
    public static Moment Most(Operation operation, IReadOnlyList<Replacement> replacements) => replacements
        .Where(replacement => replacement.Happened && operation.Overlaps(replacement.Closed, replacement.Opened) && operation.Seen!.Epoch < replacement.ClosedEpoch)
        .Select(replacement => new Moment((replacement.ClosedEpoch * 2) + 1, operation.Seen!.Tally))
        .LastOrDefault(Plain(operation));

    /// <summary>The earliest such time.</summary>
    public static Moment Least(Operation operation, IReadOnlyList<Replacement> replacements) => replacements
        .Where(replacement => replacement.Happened && operation.Start > replacement.Closed && operation.Start < replacement.Opened
            && operation.Seen!.Epoch < replacement.ClosedEpoch)
        .Select(replacement => new Moment((replacement.ClosedEpoch * 2) + 1, operation.Seen!.Tally))
        .FirstOrDefault(Plain(operation));

    public int CompareTo(Moment other) => Half != other.Half ? Half.CompareTo(other.Half) : Tally.CompareTo(other.Tally);

    public override string ToString() => $"counter {Tally} of epoch {Half / 2}{(Half % 2 == 0 ? "" : ", replaced")}";

    public static bool operator <(Moment left, Moment right) => left.CompareTo(right) < 0;

    public static bool operator >(Moment left, Moment right) => left.CompareTo(right) > 0;

    public static bool operator <=(Moment left, Moment right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Moment left, Moment right) => left.CompareTo(right) >= 0;

    private static Moment Plain(Operation operation) => new(operation.Seen!.Epoch * 2, operation.Seen.Tally);
}
