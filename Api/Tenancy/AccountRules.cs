using Kataven.Accounts;
using Kataven.Api.Authentication;

namespace Kataven.Api.Tenancy;

/// <summary>What the settings say about which token stands for which account.</summary>
/// <param name="RequireBinding">Only an account that is bound to an organisation's id answers to it.</param>
/// <param name="AdminOrgId">The home organisation of the system administrators, or null.</param>
/// <param name="IsDevelopment">The name <c>kataven-admin</c> is enough for an administrator. Elsewhere anybody who may name an organisation could take it.</param>
internal sealed record AccountRules(bool RequireBinding, string? AdminOrgId, bool IsDevelopment)
{
    public static AccountRules Of(AuthOptions options, IHostEnvironment environment) => new(
        options.RequireBinding ?? !environment.IsDevelopment(),
        string.IsNullOrWhiteSpace(options.AdminOrgId) ? null : options.AdminOrgId,
        environment.IsDevelopment());

    /// <summary>True for a token that opens <c>/api/admin</c>, and therefore no account's data.</summary>
    public bool IsAdministrator(TokenClaims claims) => claims.Home is { } home
        && ((AdminOrgId is not null && home.Id == AdminOrgId)
            || (IsDevelopment && home.Name == AccountId.Administration.Value));
}
