namespace Kataven.Testing.Cluster;

/// <summary>A request that did not get the answer that it should have.</summary>
/// <param name="Account">Whose it was.</param>
/// <param name="IsWrite">Whether it wrote.</param>
/// <param name="Code">The problem's code, or what the connection ended with.</param>
/// <param name="Text">All that is known.</param>
/// <param name="Took">How long it took.</param>
public sealed record TrafficFailure(string Account, bool IsWrite, string Code, string Text, TimeSpan Took)
{
    public override string ToString() => $"{Account} {(IsWrite ? "write" : "read")} {Code} after {Took.TotalMilliseconds:0} ms: {Text}";
}
