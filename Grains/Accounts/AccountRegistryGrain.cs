using System.Collections.Immutable;
using Kataven.Accounts;
using Orleans.Concurrency;

namespace Kataven.Grains.Accounts;

/// <summary>
/// ③ Answers from the silo's fed copy. What it would refuse (unknown, suspended) it asks the table about first,
/// so that an account can be used as soon as the call that made or resumed it has returned.
/// </summary>
[StatelessWorker, Reentrant]
internal sealed class AccountRegistryGrain(AccountDirectory directory, AccountFeed feed) : Grain, IAccountRegistryGrain
{
    /// <summary>How long the system database may take to answer about an account that is not known.</summary>
    private static readonly TimeSpan AskFor = TimeSpan.FromSeconds(2);

    public async Task<RegistryAnswer> FindAsync(AccountId id)
    {
        if (directory.Find(id) is { IsServed: true } served)
        {
            return new RegistryAnswer(served.ToEntry(), true);
        }

        var (fresh, row) = await FreshAsync(id);
        return new RegistryAnswer(Entry(row), fresh || row is not null);
    }

    public async Task<RegistryAnswer> FindFreshAsync(AccountId id)
    {
        var (fresh, row) = await FreshAsync(id);
        return fresh ? new RegistryAnswer(Entry(row), true) : new RegistryAnswer(null, false);
    }

    public async Task<OrganisationAnswer> FindByOrganisationsAsync(ImmutableArray<string> organisationIds)
    {
        var found = Bound(organisationIds);
        if (!found.IsEmpty)
        {
            return new OrganisationAnswer(found, true);
        }

        var fresh = await IsFreshAsync(cancellation => feed.RefreshOrganisationsAsync(organisationIds, cancellation));
        return new OrganisationAnswer(Bound(organisationIds), fresh);
    }

    private async Task<(bool Fresh, AccountRow? Row)> FreshAsync(AccountId id)
    {
        var fresh = await IsFreshAsync(cancellation => feed.RefreshAsync(id, cancellation));
        return (fresh, directory.Find(id));
    }

    private ImmutableArray<AccountEntry> Bound(ImmutableArray<string> organisationIds) =>
        [.. organisationIds.Distinct().SelectMany(directory.FindByOrganisation).Where(row => row.HasDatabase).Select(row => row.ToEntry())];

    /// <summary>An account without a database is answered like one that is not there; one in the making has none yet.</summary>
    private static AccountEntry? Entry(AccountRow? row) =>
        row is { HasDatabase: true } or { Account.Status: not AccountStatus.Active } ? row.ToEntry() : null;

    private static async Task<bool> IsFreshAsync(Func<CancellationToken, Task> refresh)
    {
        using var limit = new CancellationTokenSource(AskFor);
        try
        {
            await refresh(limit.Token);
            return true;
        }
        catch (Exception)
        {
            // The feed has logged it; the copy answers as well as it can.
            return false;
        }
    }
}
