using System.Collections.Immutable;
using Kataven.Accounts;

namespace Kataven.Operations;

/// <summary>An operation to begin.</summary>
/// <param name="Kind">One of <see cref="OperationKind"/>.</param>
/// <param name="Account">The account that it is about.</param>
/// <param name="Arguments">A JSON object, as the kind has it.</param>
/// <param name="Claims">The accounts that no other such operation may be on meanwhile.</param>
/// <param name="Actor">Who wants it, for the audit log.</param>
[GenerateSerializer, Immutable, Alias("kataven.OperationRequest")]
public sealed record OperationRequest(
    [property: Id(0)] string Kind,
    [property: Id(1)] AccountId Account,
    [property: Id(2)] string Arguments,
    [property: Id(3)] ImmutableArray<AccountId> Claims,
    [property: Id(4)] string Actor);
