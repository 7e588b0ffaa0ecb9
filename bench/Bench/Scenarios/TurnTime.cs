namespace Kataven.Bench.Scenarios;

/// <summary>When a turn is, and how long.</summary>
/// <param name="Round">From 0; <see cref="WarmUp"/> for one that is not measured.</param>
/// <param name="Seconds">How long it lasts.</param>
internal readonly record struct TurnTime(int Round, int Seconds)
{
    public const int WarmUp = -1;
}
