using Kataven.Accounts;
using Kataven.Testing;
using Kataven.Testing.Service;
using Npgsql;

namespace Kataven.Fleet.Tests.Idempotency;

/// <summary>A repeat that comes while the first is running waits for it, wherever that runs.</summary>
public sealed class ConcurrentRepeatTests(ServiceFixture service)
{
    private const string Insert = "insert into item (name) values ('slow') returning id";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_hundred_repeats_at_once_run_once_and_leave_lanes_to_others()
    {
        var account = await NewWithLimitsAsync("flood", new AccountLimits { MaxLanes = 2 });
        var key = KeyedCalls.NewKey();
        List<Task<Reply>> repeats;
        await using (await HoldTableAsync(account))
        {
            repeats = [.. Enumerable.Range(0, 100).Select(_ => service.QueryOnceAsync(account, key, Insert))];
            await WaitsAsync(account);
            for (var i = 0; i < 5; i++)
            {
                (await service.QueryOnceAsync(account, $"other-{i}", "select 1")).Ok();
            }

            Assert.DoesNotContain(repeats, repeat => repeat.IsCompleted);
        }

        var replies = await Task.WhenAll(repeats);
        Assert.All(replies, reply => Assert.Equal((200, replies[0].Text), (reply.Status, reply.Text)));
        Assert.Equal(1, replies.Count(reply => reply.Replayed() is null));
        Assert.Equal(1, await service.ItemsAsync(account));
    }

    [Fact]
    public async Task One_that_comes_meanwhile_with_another_request_is_a_conflict()
    {
        var account = await service.NewWithItemsAsync("meanwhile");
        var key = KeyedCalls.NewKey();
        Task<Reply> first, other;
        await using (await HoldTableAsync(account))
        {
            first = service.QueryOnceAsync(account, key, Insert);
            await WaitsAsync(account);
            other = service.QueryOnceAsync(account, key, "insert into item (name) values ('other')");
        }

        (await first).Ok();
        Assert.Equal((422, "idempotency_conflict"), await StatusAsync(other));
        Assert.Equal(1, await service.ItemsAsync(account));
    }

    [Fact]
    public async Task Where_the_first_fails_the_next_runs()
    {
        var account = await service.NewWithItemsAsync("next");
        await service.QueryAsync(account, "create sequence tries");
        // The first two tries fail.
        const string Third = "insert into item (name) select 'third' from pg_sleep(0.2) where 1 / (nextval('tries') / 3) > 0 returning id";
        var key = KeyedCalls.NewKey();

        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => service.QueryOnceAsync(account, key, Third)));

        Assert.Equal(2, replies.Count(reply => reply.SqlState == "22012"));
        Assert.Equal((1, 3), (replies.Count(reply => reply.Status == 200 && reply.Replayed() is null), replies.Count(reply => reply.Replayed() == "true")));
        Assert.Equal(1, await service.ItemsAsync(account));
    }

    [Fact]
    public async Task One_that_waits_longer_than_its_time_limit_is_told_so_and_the_first_goes_on()
    {
        var account = await service.NewWithItemsAsync("limit");
        var key = KeyedCalls.NewKey();
        Task<Reply> first;
        await using (await HoldTableAsync(account))
        {
            first = service.QueryOnceAsync(account, key, Insert);
            await WaitsAsync(account);
            var hasty = await service.PostOnceAsync(account, key, new { sql = Insert, timeout_ms = 100 });
            Assert.Equal((504, "query_timeout", "57014"), (hasty.Status, hasty.Code, hasty.SqlState));
        }

        (await first).Ok();
        Assert.Equal("true", (await service.QueryOnceAsync(account, key, Insert)).Replayed());
    }

    [Fact]
    public async Task More_than_may_wait_are_refused()
    {
        var account = await NewWithLimitsAsync("queue", new AccountLimits { MaxQueue = 3 });
        var key = KeyedCalls.NewKey();
        List<Task<Reply>> repeats;
        await using (await HoldTableAsync(account))
        {
            repeats = [service.QueryOnceAsync(account, key, Insert)];
            await WaitsAsync(account);
            repeats.AddRange(Enumerable.Range(0, 9).Select(_ => service.QueryOnceAsync(account, key, Insert)));
            await Eventually.Async(() => repeats.Count(repeat => repeat.IsCompleted) == 6, Patience, "those for whom there is no place are refused");
        }

        var replies = await Task.WhenAll(repeats);
        Assert.Equal((4, 6), (replies.Count(reply => reply.Status == 200), replies.Count(reply => reply.Code == "overloaded")));
        Assert.All(replies.Where(reply => reply.Status != 200), reply => Assert.Contains("max_queue", reply.Text, StringComparison.Ordinal));
    }

    /// <summary>As after a silo was lost: the transaction of the account's former owner goes on for a while in PostgreSQL.</summary>
    [Theory]
    [InlineData("read_committed", true)]
    [InlineData("repeatable_read", true)]
    [InlineData("serializable", true)]
    [InlineData("serializable", false)]
    public async Task A_transaction_that_another_owner_has_begun_is_waited_for(string level, bool commits)
    {
        var account = await service.NewWithItemsAsync("owner");
        var key = KeyedCalls.NewKey();
        var body = new { statements = new[] { new { sql = "insert into item (name) values ('once') returning name" } }, isolation_level = level };
        var known = (await service.TransactionOnceAsync(account, key, body)).Text;
        await using var owner = await service.OpenInAsync(account);
        await RunAsync(owner, "CREATE TEMP TABLE first AS SELECT * FROM _kataven.idempotency; DELETE FROM _kataven.idempotency; DELETE FROM item");
        await RunAsync(owner, "BEGIN; INSERT INTO _kataven.idempotency SELECT * FROM first; INSERT INTO item (name) VALUES ('once')");

        var repeat = service.TransactionOnceAsync(account, key, body);
        await WaitsAsync(account);
        await RunAsync(owner, commits ? "COMMIT" : "ROLLBACK");

        var reply = await repeat;
        Assert.Equal((200, commits ? "true" : null, known), (reply.Status, reply.Replayed(), reply.Text));
        Assert.Equal(1, await service.ItemsAsync(account));
    }

    [Fact]
    public async Task A_wait_in_PostgreSQL_ends_with_the_time_limit()
    {
        var account = await service.NewWithItemsAsync("stuck");
        await using var owner = await service.OpenInAsync(account);
        await RunAsync(owner, "BEGIN; INSERT INTO _kataven.idempotency VALUES ('k', 'x', 'y', now())");

        Assert.Equal((504, "query_timeout"), await StatusAsync(service.PostOnceAsync(account, "k", new { sql = "insert into item (name) values ('a')", timeout_ms = 300 })));
        await RunAsync(owner, "ROLLBACK");
        (await service.QueryOnceAsync(account, "k", "insert into item (name) values ('a')")).Ok();
    }

    [Fact]
    public async Task A_suspension_ends_the_wait_too()
    {
        var account = await service.NewWithItemsAsync("stopped");
        var key = KeyedCalls.NewKey();
        var replies = Enumerable.Range(0, 5).Select(_ => service.QueryOnceAsync(account, key, "insert into item (name) select 'a' from pg_sleep(20)")).ToList();
        await Eventually.Async(
            async () => await service.SystemScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND state = 'active' AND query LIKE '%pg_sleep%'", account) > 0,
            Patience,
            "the first runs");

        (await service.AdminClient().CallAsync(HttpMethod.Put, $"/api/admin/accounts/{account}/suspension")).Ok();

        Assert.All(await Task.WhenAll(replies).WaitAsync(Patience, TestContext.Current.CancellationToken), reply => Assert.Equal((403, "account_inactive"), (reply.Status, reply.Code)));
        (await service.AdminClient().CallAsync(HttpMethod.Delete, $"/api/admin/accounts/{account}/suspension")).Ok();
        Assert.Equal((0, 0), (await service.ItemsAsync(account), await service.KeysAsync(account)));
    }

    private async Task<string> NewWithLimitsAsync(string prefix, AccountLimits limits)
    {
        var account = await service.NewAccountAsync(prefix, limits);
        await service.QueryAsync(account, "create table item (id int generated always as identity, name text)");
        return account;
    }

    /// <summary>What writes to the account's table waits until this is disposed of.</summary>
    private async Task<IAsyncDisposable> HoldTableAsync(string account)
    {
        var connection = await service.OpenInAsync(account);
        await RunAsync(connection, "BEGIN; LOCK TABLE item IN SHARE MODE");
        return connection;
    }

    private Task WaitsAsync(string account) => Eventually.Async(
        async () => await service.SystemScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'", account) > 0,
        Patience,
        "a write waits");

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<(int Status, string? Code)> StatusAsync(Task<Reply> reply) => ((await reply).Status, (await reply).Code);
}
