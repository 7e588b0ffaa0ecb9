using System.Collections.Immutable;
using Kataven.Accounts;

namespace Kataven.Api.Tenancy;

/// <summary>What the registry has to be asked before a token without a header can be given its account.</summary>
/// <param name="OrganisationIds">For <see cref="IAccountRegistryGrain.FindByOrganisationsAsync"/>.</param>
/// <param name="Named">For <see cref="IAccountRegistryGrain.FindAsync"/>, each; empty where binding is required.</param>
internal sealed record AccountLookUps(ImmutableArray<string> OrganisationIds, ImmutableArray<AccountId> Named)
{
    public static readonly AccountLookUps None = new([], []);
}
