namespace Kataven.Chaos.Histories;

/// <summary>An account that was suspended for a while.</summary>
/// <param name="Account">Which.</param>
/// <param name="Asked">Before it was asked for.</param>
/// <param name="InForce">After that was answered.</param>
/// <param name="Resuming">Before its end was asked for.</param>
/// <param name="Resumed">After that was answered.</param>
/// <param name="ConnectionsLeft">The account's own, counted just after it was in force.</param>
internal sealed record Suspension(string Account, TimeSpan Asked, TimeSpan InForce, TimeSpan Resuming, TimeSpan Resumed, long ConnectionsLeft);
