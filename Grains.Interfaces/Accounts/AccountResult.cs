using Kataven.Errors;

namespace Kataven.Accounts;

/// <summary>An account, or why not.</summary>
[GenerateSerializer, Immutable, Alias("kataven.AccountResult")]
public sealed record AccountResult([property: Id(0)] Account? Account, [property: Id(1)] Refusal? Refusal)
{
    public static AccountResult Of(Account account) => new(account, null);

    public static AccountResult Refused(Refusal refusal) => new(null, refusal);
}
