using Kataven.Accounts;

namespace Kataven.Api.Accounts;

/// <summary>An account, as answers have it. A limit that is null is the service's default.</summary>
internal sealed record AccountAnswer(
    string AccountId,
    string AccountName,
    string DatabaseName,
    string Status,
    string? StatusReason,
    string? OrgId,
    AccountLimits Limits,
    DateTimeOffset CreatedAt)
{
    public static AccountAnswer Of(Account account) => new(
        account.Id.Value,
        account.Name,
        account.Id.Value,
        AccountStatusText.Of(account.Status),
        account.StatusReason,
        account.OrgId,
        account.Limits,
        account.CreatedAt);
}
