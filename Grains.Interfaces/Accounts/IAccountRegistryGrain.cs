using System.Collections.Immutable;

namespace Kataven.Accounts;

/// <summary>③ Is this account there, and is it active? Answered from the silo's fed copy of <c>accounts</c>.</summary>
[Alias("kataven.IAccountRegistryGrain")]
public interface IAccountRegistryGrain : IGrainWithIntegerKey
{
    [Alias("Find")]
    Task<RegistryAnswer> FindAsync(AccountId id);

    /// <summary>
    /// The same, asked of the table in any case. So whoever may not act for an account cannot tell by the time that the
    /// answer takes whether there is one.
    /// </summary>
    [Alias("FindFresh")]
    Task<RegistryAnswer> FindFreshAsync(AccountId id);

    /// <summary>The accounts that are bound to one of these organisations, by slug.</summary>
    [Alias("FindByOrganisations")]
    Task<OrganisationAnswer> FindByOrganisationsAsync(ImmutableArray<string> organisationIds);
}
