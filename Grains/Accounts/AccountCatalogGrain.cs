using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Migrations;
using Orleans.Concurrency;

namespace Kataven.Grains.Accounts;

/// <summary>Reads the table itself: those who operate the service see what is there now, and pages that do not shift.</summary>
[StatelessWorker, Reentrant]
internal sealed class AccountCatalogGrain(AccountTable table, AccountFactsTable facts, MigrationScripts scripts) : Grain, IAccountCatalogGrain
{
    public async Task<AccountResult> GetAsync(AccountId id) =>
        await table.ReadAsync(id, default) is { } row
            ? AccountResult.Of(row.Account)
            : AccountResult.Refused(Refusal.Of(ErrorCode.AccountNotFound, "There is no such account."));

    public async Task<AccountFacts> FactsAsync(AccountId id) => (await facts.ReadAsync([id], default))[0];

    public async Task<AccountPage> ListAsync(AccountFilter filter)
    {
        var newest = scripts.All.Select(script => script.Version).DefaultIfEmpty().Max();
        var rows = await table.ListAsync(filter with { Limit = filter.Limit + 1 }, newest, default);
        var more = rows.Count > filter.Limit;
        var page = rows.Take(filter.Limit).Select(row => row.Account).ToList();
        return new AccountPage(
            [.. page], [.. await facts.ReadAsync([.. page.Select(account => account.Id)], default)], more ? rows[filter.Limit - 1].Id.Value : null);
    }
}
