using Kataven.Accounts;

namespace Kataven.Api.Accounts;

/// <summary>An account, and what is known of its database. A limit that is null is the service's default.</summary>
internal sealed record ListedAccountAnswer(
    string AccountId,
    string AccountName,
    string DatabaseName,
    string Status,
    string? StatusReason,
    string? OrgId,
    AccountLimits Limits,
    DateTimeOffset CreatedAt,
    int? SchemaVersion,
    long? SizeBytes,
    DateTimeOffset? LastBackupAt,
    DateTimeOffset? LastVerifiedAt)
{
    public static ListedAccountAnswer Of(Account account, AccountFacts facts) => new(
        account.Id.Value,
        account.Name,
        account.Id.Value,
        AccountStatusText.Of(account.Status),
        account.StatusReason,
        account.OrgId,
        account.Limits,
        account.CreatedAt,
        facts.SchemaVersion,
        facts.SizeBytes,
        facts.LastBackupAt,
        facts.LastVerifiedAt);
}
