namespace Kataven.Queries;

/// <summary>One statement for an account.</summary>
/// <param name="AccountVersion">The version of the account's row by which the caller was let in.</param>
/// <param name="Statement">What runs.</param>
/// <param name="Options">How.</param>
/// <param name="MayHaveRun">It was sent before, and what became of it is not known: it is to run only where it can do nothing but read.</param>
/// <param name="IsCounted">It was sent before, and counted against the account's rate then.</param>
/// <param name="Members">The version of the cluster's membership by which its sender knew the silos when it sent this try; 0 where it is no member.</param>
[GenerateSerializer, Immutable, Alias("kataven.QueryRequest")]
public sealed record QueryRequest(
    [property: Id(0)] long AccountVersion,
    [property: Id(1)] Statement Statement,
    [property: Id(2)] QueryOptions Options,
    [property: Id(3)] bool MayHaveRun = false,
    [property: Id(4)] bool IsCounted = false,
    [property: Id(5)] long Members = 0);
