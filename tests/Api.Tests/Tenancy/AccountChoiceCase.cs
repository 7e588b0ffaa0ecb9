using System.Text.Json;
using Kataven.Accounts;
using Kataven.Api.Authentication;
using Kataven.Api.Tenancy;
using Kataven.Errors;

namespace Kataven.Api.Tests.Tenancy;

/// <summary>A row of the table: what the token says, what the registry has, and what becomes of a request.</summary>
internal sealed class AccountChoiceCase
{
    private readonly List<AccountEntry> _registry = [];
    private readonly Dictionary<string, object> _payload = [];
    private AccountRules _rules = new(RequireBinding: true, AdminOrgId: "999", IsDevelopment: false);

    public AccountChoiceCase Account(string slug, string? orgId = null, AccountStatus status = AccountStatus.Active)
    {
        _registry.Add(new AccountEntry(AccountId.Parse(slug), status, orgId, 1));
        return this;
    }

    public AccountChoiceCase Rules(bool binding = true, string? admin = "999", bool development = false)
    {
        _rules = new AccountRules(binding, admin, development);
        return this;
    }

    public AccountChoiceCase Home(string? id, string? name = null, string? domain = null) =>
        Claim(TokenClaimsReader.HomeId, id).Claim(TokenClaimsReader.HomeName, name).Claim(TokenClaimsReader.HomePrimaryDomain, domain);

    public AccountChoiceCase AskedFor(string id) => Claim(TokenClaimsReader.AskedForId, id);

    public AccountChoiceCase Granted(params (string Id, string Domain)[] organisations)
    {
        _payload[TokenClaimsReader.RolesClaim(null)] = new Dictionary<string, object>
        {
            ["editor"] = organisations.ToDictionary(organisation => organisation.Id, organisation => organisation.Domain),
        };
        return this;
    }

    /// <summary>Checks 2 to 5 in their order: the slug, or the code of the refusal and what it offers.</summary>
    public string Ask(string? header = null)
    {
        using var payload = JsonDocument.Parse(JsonSerializer.Serialize(_payload));
        var claims = TokenClaimsReader.Read(payload.RootElement, null);
        var verdict = header is null ? AccountVerdict.Silent : AccountHeader.Read(header);
        if (verdict == AccountVerdict.Silent)
        {
            verdict = AccountChoice.FromClaims(claims, _rules, Found(AccountChoice.LookUps(claims, _rules)));
        }

        if (verdict.Account is not { } account)
        {
            return Text(verdict.Refusal!);
        }

        var refusal = AccountChoice.RefuseReserved(account)
            ?? AccountChoice.RefuseForbidden(claims, _rules, account, _registry.Find(entry => entry.Id == account));
        return refusal is null ? account.Value : Text(refusal);
    }

    private List<AccountEntry> Found(AccountLookUps lookUps) =>
    [
        .. _registry.Where(entry => entry.OrgId is { } id && lookUps.OrganisationIds.Contains(id)),
        .. _registry.Where(entry => lookUps.Named.Contains(entry.Id)),
    ];

    private static string Text(Refusal refusal) =>
        string.Join(' ', new[] { ErrorCatalogue.Of(refusal.Code).Code }.Concat(refusal.Choices ?? []));

    private AccountChoiceCase Claim(string claim, string? value)
    {
        if (value is not null)
        {
            _payload[claim] = value;
        }

        return this;
    }
}
