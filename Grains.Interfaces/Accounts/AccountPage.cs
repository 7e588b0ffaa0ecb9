using System.Collections.Immutable;

namespace Kataven.Accounts;

/// <summary>A page of accounts by slug, and the slug to go on after, or null at the end.</summary>
[GenerateSerializer, Immutable, Alias("kataven.AccountPage")]
public sealed record AccountPage(
    [property: Id(0)] ImmutableArray<Account> Accounts,
    [property: Id(1)] string? Next);
