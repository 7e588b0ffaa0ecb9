using Kataven.Accounts;
using Kataven.Isolation.Tests.Servers;
using Kataven.Testing;
using Kataven.Testing.Service;
using Npgsql;

namespace Kataven.Isolation.Tests.Lanes;

/// <summary>The server has one queue of notifications, which any account can fill.</summary>
[Collection("The newest server")]
public sealed class NotificationTests(CrampedService service) : IClassFixture<CrampedService>
{
    private const string Full = "54000";

    private static readonly TimeSpan InForce = Promised.Within(seconds: 1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Accounts_are_administered_while_an_account_keeps_the_queue_full_and_the_queue_is_free_again_after_it()
    {
        Assert.SkipWhen(service.Unavailable is not null, "This server cannot be had on this machine.");
        var hostile = await service.NewAccountAsync("notifier", new AccountLimits { StatementTimeoutMs = 600_000 });
        var victim = await service.NewAccountAsync("victim");
        await service.ScalarAsync(victim, "SELECT 1");
        var pinning = service.TryQueryAsync(hostile, "DO $$ BEGIN EXECUTE 'LISTEN x'; COMMIT; PERFORM pg_sleep(500); END $$");
        await Eventually.Async(
            async () => await service.SystemScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'PgSleep'", hostile) == 1,
            Patience,
            "the tail is pinned");
        await Eventually.Async(async () => !await NotifiesAsync(hostile, 7900), Patience, "the queue is full");

        Assert.Null((await Account(victim).PatchAsync(new AccountPatch { Name = "another" })).Refusal);
        Assert.Null((await Account(victim).SuspendAsync("unpaid")).Refusal);
        Assert.Equal(403, (await service.TryQueryAsync(victim, "SELECT 1")).Status);
        await SetStatusAsync(victim, "active");
        await Eventually.Async(async () => (await service.TryQueryAsync(victim, "SELECT 1")).Status == 200, InForce, "it is served again");
        await SetStatusAsync(victim, "suspended");
        await Eventually.Async(async () => (await service.TryQueryAsync(victim, "SELECT 1")).Status == 403, InForce, "it is refused");
        Assert.Equal(1, (await service.ScalarAsync(await service.NewAccountAsync("new"), "SELECT 1")).GetInt32());
        Assert.False(await NotifiesAsync(hostile, 7900), "The queue was full all the time.");

        await Account(hostile).SuspendAsync("greedy");
        Assert.NotEqual(200, (await pinning).Status);
        await Account(hostile).ResumeAsync();
        await Eventually.Async(async () => await NotifiesAsync(hostile, 1), Patience, "the queue is free");
    }

    private IAccountGrain Account(string slug) => service.Grains.GetGrain<IAccountGrain>(slug);

    private async Task<bool> NotifiesAsync(string account, int length)
    {
        var reply = await service.TryQueryAsync(account, "SELECT pg_notify('x', repeat('y', $1))", length);
        Assert.True(reply.Status == 200 || reply.Text.Contains(Full, StringComparison.Ordinal), reply.Text);
        return reply.Status == 200;
    }

    private async Task SetStatusAsync(string account, string status)
    {
        await using var connection = await service.OpenSystemAsync();
        await using var command = new NpgsqlCommand("UPDATE public.accounts SET status = $1 WHERE account_id = $2", connection);
        command.Parameters.Add(new() { Value = status });
        command.Parameters.Add(new() { Value = account });
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}
