using Kataven.Accounts;
using Kataven.Errors;

namespace Kataven.Api.Tenancy;

/// <summary>The account that a request is for, or why there is none. Neither: nothing was said.</summary>
internal readonly record struct AccountVerdict(AccountId? Account, Refusal? Refusal)
{
    public static AccountVerdict Silent => default;

    public static AccountVerdict Of(AccountId account) => new(account, null);

    public static AccountVerdict Refused(Refusal refusal) => new(null, refusal);
}
