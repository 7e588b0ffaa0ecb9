using System.Collections.Immutable;

namespace Kataven.Api.Accounts;

/// <summary>A page of accounts by slug, and the <c>after</c> of the next page, or null at the end.</summary>
internal sealed record AccountsAnswer(ImmutableArray<ListedAccountAnswer> Accounts, string? Next);
