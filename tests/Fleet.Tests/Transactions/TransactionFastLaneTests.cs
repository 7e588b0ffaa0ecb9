using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Transactions;

/// <summary>What a transaction defines is known to the fast lane from its commit on, however long before it ran.</summary>
public sealed class TransactionFastLaneTests(ServiceFixture service)
{
    private const int Calls = 4;

    /// <summary>Writes a line where it can, and passes over it where it cannot.</summary>
    private const string Noisy =
        "create function noisy() returns int language plpgsql as 'begin insert into heard values (1); return 1; exception when read_only_sql_transaction then return 1; end'";

    private const string View = "create or replace view v as select noisy() as n";

    public static TheoryData<string, string[]> Defining => new()
    {
        { "by its own statements", [Noisy, View] },
        { "by a function", ["select define()"] },
    };

    [Theory]
    [MemberData(nameof(Defining), DisableDiscoveryEnumeration = true)]
    public async Task A_function_that_it_defines_is_run_and_not_shared(string how, string[] statements)
    {
        Assert.NotEmpty(how);
        var account = await service.NewAccountAsync("txdefine");
        await service.QueryAsync(account, "create table heard (n int)");
        await service.QueryAsync(account, "create view v as select 1 as n");
        await service.QueryAsync(
            account, $"create function define() returns int language plpgsql as $f$ begin execute $s${Noisy}$s$; execute $s${View}$s$; return 1; end $f$");
        using var count = new FastLaneCount();
        await Eventually.Async(
            async () =>
            {
                await WarmAsync(account);
                return count.Sent > 0;
            },
            Promised.Within(seconds: 5),
            "reads share the fast lane");
        var id = await service.BeginAsync(account);
        foreach (var statement in statements)
        {
            await service.QueryInAsync(account, id, statement);
        }

        // What is not committed yet keeps nobody from it.
        var before = count.Sent;
        await WarmAsync(account);
        Assert.NotEqual(before, count.Sent);
        (await service.CommitAsync(account, id)).Ok();

        for (var i = 0; i < Calls; i++)
        {
            await service.QueryAsync(account, "select n from v");
            await WarmAsync(account);
        }

        Assert.Equal(Calls, (await service.ScalarAsync(account, "select count(*) from heard")).GetInt64());
    }

    private async Task WarmAsync(string account)
    {
        for (var i = 0; i < 40; i++)
        {
            await service.QueryAsync(account, "select 1");
        }
    }
}
