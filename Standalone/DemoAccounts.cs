using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Queries;
using Kataven.Tenants;

namespace Kataven.Standalone;

/// <summary>The accounts to try: made like any other, each with a small table of its own.</summary>
internal static class DemoAccounts
{
    private static readonly (string Slug, string Name)[] Accounts = [("acme", "Acme Inc."), ("globex", "Globex Corporation")];

    public static async Task EnsureAsync(IGrainFactory grains)
    {
        foreach (var (slug, name) in Accounts)
        {
            var result = await grains.GetGrain<IAccountGrain>(slug).CreateAsync(new NewAccount(name, null, AccountLimits.Default));
            // One that is there was made by an earlier start, and its table is its own business since.
            if (result.Account is { } account)
            {
                await FillAsync(grains, account);
            }
            else if (result.Refusal!.Code != Errors.ErrorCode.AccountExists)
            {
                throw new InvalidOperationException($"The demo account {slug} could not be made: {result.Refusal.Detail}");
            }
        }
    }

    private static async Task FillAsync(IGrainFactory grains, Account account)
    {
        var answer = await grains.GetGrain<ITenantGrain>(account.Id.Value).TransactionAsync(
            new TransactionRequest(
                long.MaxValue,
                [
                    new Statement("CREATE TABLE IF NOT EXISTS item (id integer PRIMARY KEY, name text NOT NULL)", []),
                    new Statement(
                        "INSERT INTO item SELECT i, $1 || ' item ' || i FROM generate_series(1, 10) i ON CONFLICT DO NOTHING",
                        [new Parameter(ParameterKind.Scalar, account.Name)]),
                ],
                TransactionIsolation.ReadCommitted,
                QueryOptions.Default),
            default);
        if (answer.Refusal is { } refusal)
        {
            throw new InvalidOperationException($"The table of the demo account {account.Id} could not be made: {refusal.Detail}");
        }
    }
}
