using System.Collections.Immutable;

namespace Kataven.Accounts;

/// <summary>A page of accounts by slug.</summary>
/// <param name="Accounts">The accounts.</param>
/// <param name="Facts">What is known of each one's database, in the same order.</param>
/// <param name="Next">The slug to go on after, or null at the end.</param>
[GenerateSerializer, Immutable, Alias("kataven.AccountPage")]
public sealed record AccountPage(
    [property: Id(0)] ImmutableArray<Account> Accounts,
    [property: Id(1)] ImmutableArray<AccountFacts> Facts,
    [property: Id(2)] string? Next);
