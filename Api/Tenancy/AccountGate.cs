using System.Collections.Immutable;
using Kataven.Accounts;
using Kataven.Api.Authentication;
using Kataven.Errors;
using Microsoft.Extensions.Options;

namespace Kataven.Api.Tenancy;

/// <summary>② Decides which account a request is for, and whether it may reach it: checks 2 to 7, in their order.</summary>
internal sealed class AccountGate(Registry registry, IOptions<AuthOptions> options, IHostEnvironment environment)
{
    private static readonly Refusal RegistryAway =
        Refusal.Of(ErrorCode.DatabaseUnavailable, "It is not known now whether there is such an account. Try again.");

    private readonly AccountRules _rules = AccountRules.Of(options.Value, environment);

    public async ValueTask<GateVerdict> DecideAsync(HttpContext context)
    {
        var claims = context.TokenClaims();
        var verdict = AccountHeader.Read(context.Request.Headers[AccountHeader.Name]);
        if (verdict == AccountVerdict.Silent)
        {
            verdict = await FromClaimsAsync(claims);
        }

        if (verdict.Refusal is { } refusal)
        {
            return GateVerdict.Refused(refusal);
        }

        var account = verdict.Account!.Value;
        if (AccountChoice.RefuseReserved(account) is { } reserved)
        {
            return GateVerdict.Refused(reserved);
        }

        context.Request.Headers[AccountHeader.Name] = account.Value;
        return Admit(claims, account, await FindAsync(claims, account));
    }

    public bool IsAdministrator(HttpContext context) => _rules.IsAdministrator(context.TokenClaims());

    /// <summary>
    /// What is known of an account that the token may act for is answered at once; for any other the table is asked,
    /// whether the account is known or not: otherwise the time to the answer would tell which accounts exist.
    /// </summary>
    private async ValueTask<RegistryAnswer> FindAsync(TokenClaims claims, AccountId account)
    {
        if (registry.Recall(account) is { } recalled && AccountChoice.RefuseForbidden(claims, _rules, account, recalled.Entry) is null)
        {
            return recalled;
        }

        if (AccountChoice.IsNamed(claims, _rules, account))
        {
            return await registry.FindAsync(account);
        }

        var bound = await registry.FindByOrganisationsAsync(AccountChoice.LookUps(claims, _rules).OrganisationIds);
        return bound.Entries.Any(entry => entry.Id == account)
            ? await registry.FindAsync(account)
            : await registry.FindFreshAsync(account);
    }

    private GateVerdict Admit(TokenClaims claims, AccountId account, RegistryAnswer answer)
    {
        if (!answer.Known)
        {
            return GateVerdict.Refused(RegistryAway);
        }

        if (AccountChoice.RefuseForbidden(claims, _rules, account, answer.Entry) is { } forbidden)
        {
            return GateVerdict.Refused(forbidden);
        }

        return answer.Entry switch
        {
            null => GateVerdict.Refused(Refusal.InvalidAccount()),
            { Status: AccountStatus.Active } entry => GateVerdict.Of(entry),
            { } entry => GateVerdict.Refused(Refusal.Inactive(entry.Status)),
        };
    }

    private async Task<AccountVerdict> FromClaimsAsync(TokenClaims claims)
    {
        var lookUps = AccountChoice.LookUps(claims, _rules);
        var bound = await registry.FindByOrganisationsAsync(lookUps.OrganisationIds);
        var found = new List<AccountEntry>(bound.Entries);
        var known = bound.Known;
        foreach (var named in lookUps.Named)
        {
            var answer = await registry.FindAsync(named);
            known &= answer.Known;
            if (answer.Entry is { } entry)
            {
                found.Add(entry);
            }
        }

        return known || found.Count > 0
            ? AccountChoice.FromClaims(claims, _rules, found.ToImmutableArray())
            : AccountVerdict.Refused(RegistryAway);
    }
}
