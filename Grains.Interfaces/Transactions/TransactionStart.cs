using Kataven.Queries;

namespace Kataven.Transactions;

/// <summary>Begins an interactive transaction.</summary>
/// <param name="AccountVersion">The version of the account's row by which the caller was let in.</param>
/// <param name="Isolation">Its level.</param>
/// <param name="ReadOnly">Whether PostgreSQL refuses to write.</param>
/// <param name="IsCounted">It was sent before, and counted against the account's rate then.</param>
[GenerateSerializer, Immutable, Alias("kataven.TransactionStart")]
public sealed record TransactionStart(
    [property: Id(0)] long AccountVersion,
    [property: Id(1)] TransactionIsolation Isolation,
    [property: Id(2)] bool ReadOnly,
    [property: Id(3)] bool IsCounted = false);
