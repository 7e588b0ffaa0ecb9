using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Idempotency;

/// <summary>What happens to a write whose connection is lost under it: with a key it is tried again, and happens once.</summary>
public sealed class LostConnectionTests(ServiceFixture service)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_whose_backend_is_ended_while_it_commits_is_known_afterwards(bool hasKey)
    {
        var account = await NewSlowToCommitAsync();
        var write = hasKey
            ? service.QueryOnceAsync(account, "k", "insert into item (name) values ('a') returning name")
            : service.Client(account).PostAsync("/api/query", new { sql = "insert into item (name) values ('a') returning name" });
        await EndBackendAsync(account, "COMMIT");

        var reply = await write;

        // Without a key nobody knows; with one the front door finds out, before its client does.
        Assert.Equal(hasKey ? (200, null) : (503, "outcome_unknown"), (reply.Status, reply.Code));
        Assert.Equal(hasKey ? 1 : 0, await service.ItemsAsync(account));
        Assert.Equal(hasKey ? 1 : 0, await service.KeysAsync(account));
    }

    [Fact]
    public async Task A_write_whose_backend_is_ended_while_it_runs_happens_once_with_all_its_repeats()
    {
        var account = await service.NewWithItemsAsync("ended");
        var writes = Enumerable.Range(0, 10).Select(_ => service.QueryOnceAsync(account, "k", "insert into item (name) select 'a' from pg_sleep(0.5) returning name")).ToList();
        await EndBackendAsync(account, "pg_sleep");

        var replies = await Task.WhenAll(writes);

        Assert.All(replies, reply => Assert.Equal((200, replies[0].Text), (reply.Status, reply.Text)));
        Assert.Equal((1, 1), (await service.ItemsAsync(account), replies.Count(reply => reply.Replayed() is null)));
    }

    /// <summary>A commit waits for half a second, which is long enough to end it.</summary>
    private async Task<string> NewSlowToCommitAsync()
    {
        var account = await service.NewWithItemsAsync("commits");
        await service.QueryAsync(account, "create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(0.5); return null; end'");
        await service.QueryAsync(account, "create constraint trigger slow after insert on item deferrable initially deferred for each row execute function slow()");
        return account;
    }

    private Task EndBackendAsync(string account, string text) => Eventually.Async(
        async () => await service.SystemScalarAsync<long>(
            $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1 AND state = 'active' AND query LIKE '%{text}%'", account) > 0,
        Patience,
        "the write's backend is ended");
}
