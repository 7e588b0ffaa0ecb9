using Kataven.Accounts;

namespace Kataven.Api.Accounts;

/// <summary>Whether an account is there, and is served.</summary>
internal sealed record Validation(string AccountId, bool Exists, bool Active, string? Status)
{
    public static Validation Of(AccountId id, AccountEntry? entry) => new(
        id.Value,
        entry is not null,
        entry is { Status: AccountStatus.Active },
        entry is null ? null : AccountStatusText.Of(entry.Status));
}
