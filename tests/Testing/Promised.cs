namespace Kataven.Testing;

/// <summary>
/// A time that the contract promises, as a test may ask for it: with what a machine may add that does other work beside the suite.
/// What is broken comes never, or after far longer. How fast something is, the benchmark shows.
/// </summary>
public static class Promised
{
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(9);

    public static TimeSpan Within(double seconds) => TimeSpan.FromSeconds(seconds) + Busy;
}
