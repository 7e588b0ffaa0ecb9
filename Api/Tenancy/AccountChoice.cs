using System.Collections.Immutable;
using Kataven.Accounts;
using Kataven.Api.Authentication;
using Kataven.Errors;

namespace Kataven.Api.Tenancy;

/// <summary>
/// ② Which account is a request for, and may its token act for that account? Functions over what the token says and
/// what the registry knows: whoever calls them asks the registry.
/// </summary>
internal static class AccountChoice
{
    /// <summary>What <see cref="FromClaims"/> has to know.</summary>
    public static AccountLookUps LookUps(TokenClaims claims, AccountRules rules)
    {
        if (rules.IsAdministrator(claims))
        {
            return AccountLookUps.None;
        }

        var ids = claims.Organisations.Select(organisation => organisation.Id).OfType<string>().Distinct();
        var named = rules.RequireBinding
            ? []
            : claims.Organisations.Select(organisation => organisation.NamedAccount).OfType<AccountId>()
                .Where(account => !account.IsReserved).Distinct();
        return new AccountLookUps([.. ids], [.. named]);
    }

    /// <summary>
    /// Check 2 without a header: the account of the organisation that the token was asked for, else of the home
    /// organisation, else of the only granted one.
    /// </summary>
    /// <param name="claims">What the token says.</param>
    /// <param name="rules">What the settings say.</param>
    /// <param name="found">What the registry has of <see cref="LookUps"/>, in any order.</param>
    public static AccountVerdict FromClaims(TokenClaims claims, AccountRules rules, IReadOnlyCollection<AccountEntry> found)
    {
        if (rules.IsAdministrator(claims))
        {
            return AccountVerdict.Of(AccountId.Administration);
        }

        ImmutableArray<Organisation>[] steps = [OneOrNone(claims.AskedFor), OneOrNone(claims.Home), claims.Granted];
        foreach (var organisations in steps)
        {
            var accounts = found
                .Where(entry => organisations.Any(organisation => StandsFor(organisation, entry, rules)))
                .Select(entry => entry.Id.Value).Distinct().Order(StringComparer.Ordinal).ToList();
            if (accounts.Count > 0)
            {
                return accounts.Count == 1 ? AccountVerdict.Of(AccountId.Parse(accounts[0])) : Ambiguous(accounts);
            }
        }

        return Unknown(steps, rules);
    }

    /// <summary>Check 4.</summary>
    public static Refusal? RefuseReserved(AccountId account) =>
        account.IsReserved ? Refusal.Of(ErrorCode.ReservedAccount, "This slug is never an account.") : null;

    /// <summary>Check 5. The answer is the same whether the account exists or not.</summary>
    /// <param name="claims">What the token says.</param>
    /// <param name="rules">What the settings say.</param>
    /// <param name="account">The account that the request is for.</param>
    /// <param name="entry">What the registry has of it, or null.</param>
    public static Refusal? RefuseForbidden(TokenClaims claims, AccountRules rules, AccountId account, AccountEntry? entry)
    {
        var may = !rules.IsAdministrator(claims) && MayActFor(claims, rules, account, entry);
        return may ? null : Refusal.Of(ErrorCode.AccountForbidden, "The token names no organisation that stands for this account.");
    }

    /// <summary>The token names the account by itself, which says nothing about whether it exists.</summary>
    public static bool IsNamed(TokenClaims claims, AccountRules rules, AccountId account) =>
        !rules.IsAdministrator(claims) && claims.Organisations.Any(organisation => IsNamed(organisation, account, rules));

    private static bool MayActFor(TokenClaims claims, AccountRules rules, AccountId account, AccountEntry? entry)
    {
        foreach (var organisation in claims.Organisations)
        {
            if (entry is null ? IsNamed(organisation, account, rules) : StandsFor(organisation, entry, rules))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A bound account answers to its organisation's id alone, whatever its slug is.</summary>
    private static bool StandsFor(Organisation organisation, AccountEntry entry, AccountRules rules) => entry.OrgId is { } bound
        ? organisation.Id == bound
        : IsNamed(organisation, entry.Id, rules);

    private static bool IsNamed(Organisation organisation, AccountId account, AccountRules rules) =>
        !rules.RequireBinding && organisation.NamedAccount == account;

    private static ImmutableArray<Organisation> OneOrNone(Organisation? organisation) => organisation is null ? [] : [organisation];

    private static AccountVerdict Ambiguous(List<string> accounts) => AccountVerdict.Refused(new Refusal
    {
        Code = ErrorCode.AmbiguousAccount,
        Detail = $"The token stands for {accounts.Count} accounts: name one of them in {AccountHeader.Name}.",
        Choices = accounts,
    });

    /// <summary>
    /// No organisation has an account. The slug that the first of them is named by, where names count, goes on to the
    /// checks that follow, which say that it is reserved or that there is no such account.
    /// </summary>
    private static AccountVerdict Unknown(ImmutableArray<Organisation>[] steps, AccountRules rules)
    {
        var named = rules.RequireBinding
            ? null
            : steps.Where(step => step.Length == 1).Select(step => step[0].NamedAccount).FirstOrDefault(account => account is not null);
        return named is { } account
            ? AccountVerdict.Of(account)
            : AccountVerdict.Refused(Refusal.Of(
                ErrorCode.MissingAccount,
                $"No {AccountHeader.Name} was sent, and the token names no organisation that stands for an account."));
    }
}
