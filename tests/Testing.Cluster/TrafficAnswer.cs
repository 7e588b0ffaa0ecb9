namespace Kataven.Testing.Cluster;

/// <summary>A request that was answered as it should be.</summary>
/// <param name="Client">The number of who sent it.</param>
/// <param name="Account">Whose it was.</param>
/// <param name="EndedAt">A timestamp of the stopwatch.</param>
/// <param name="Took">How long it took.</param>
public sealed record TrafficAnswer(int Client, string Account, long EndedAt, TimeSpan Took);
