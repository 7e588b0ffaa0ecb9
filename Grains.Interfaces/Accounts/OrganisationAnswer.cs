using System.Collections.Immutable;

namespace Kataven.Accounts;

/// <summary>The registry's answer about organisations.</summary>
/// <param name="Entries">The accounts that are bound to them.</param>
/// <param name="Known">False where there are none as far as is remembered, and the system database could not be asked.</param>
[GenerateSerializer, Immutable, Alias("kataven.OrganisationAnswer")]
public sealed record OrganisationAnswer(
    [property: Id(0)] ImmutableArray<AccountEntry> Entries,
    [property: Id(1)] bool Known);
