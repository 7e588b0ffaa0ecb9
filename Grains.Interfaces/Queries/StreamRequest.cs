namespace Kataven.Queries;

/// <summary>One statement whose rows are streamed.</summary>
/// <param name="IsCounted">It was sent before, and counted against the account's rate then.</param>
/// <param name="Members">The version of the cluster's membership by which its sender knew the silos when it sent this try; 0 where it is no member.</param>
[GenerateSerializer, Immutable, Alias("kataven.StreamRequest")]
public sealed record StreamRequest(
    [property: Id(0)] long AccountVersion,
    [property: Id(1)] Statement Statement,
    [property: Id(2)] QueryOptions Options,
    [property: Id(3)] StreamFormat Format,
    [property: Id(4)] bool IsCounted = false,
    [property: Id(5)] long Members = 0);
