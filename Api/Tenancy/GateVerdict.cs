using Kataven.Accounts;
using Kataven.Errors;

namespace Kataven.Api.Tenancy;

/// <summary>The account that a request may reach, or why it may reach none.</summary>
internal readonly record struct GateVerdict(AccountEntry? Account, Refusal? Refusal)
{
    public static GateVerdict Of(AccountEntry account) => new(account, null);

    public static GateVerdict Refused(Refusal refusal) => new(null, refusal);
}
