namespace Kataven.Queries;

/// <summary>One statement for an account.</summary>
/// <param name="AccountVersion">The version of the account's row by which the caller was let in.</param>
/// <param name="Statement">What runs.</param>
/// <param name="Options">How.</param>
[GenerateSerializer, Immutable, Alias("kataven.QueryRequest")]
public sealed record QueryRequest(
    [property: Id(0)] long AccountVersion,
    [property: Id(1)] Statement Statement,
    [property: Id(2)] QueryOptions Options);
