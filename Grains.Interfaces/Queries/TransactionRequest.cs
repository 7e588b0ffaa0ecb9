using System.Collections.Immutable;

namespace Kataven.Queries;

/// <summary>Statements that run in one transaction: all of them, or none.</summary>
/// <param name="IsCounted">It was sent before, and counted against the account's rate then.</param>
/// <param name="Members">The version of the cluster's membership by which its sender knew the silos when it sent this try; 0 where it is no member.</param>
[GenerateSerializer, Immutable, Alias("kataven.TransactionRequest")]
public sealed record TransactionRequest(
    [property: Id(0)] long AccountVersion,
    [property: Id(1)] ImmutableArray<Statement> Statements,
    [property: Id(2)] TransactionIsolation Isolation,
    [property: Id(3)] QueryOptions Options,
    [property: Id(4)] bool IsCounted = false,
    [property: Id(5)] long Members = 0);
