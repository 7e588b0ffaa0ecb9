using System.Diagnostics;
using Kataven.Isolation.Tests.Servers;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Isolation.Tests.Lanes;

/// <summary>A deadline holds, whatever the statement does about its cancellation.</summary>
public abstract class DeadlineSuite(ArenaService service) : ServerSuite(service)
{
    /// <summary>A deadline of one second, and the grace between cancelling and ending.</summary>
    private static readonly TimeSpan Ended = Promised.Within(seconds: 1 + 2);

    [Theory]
    [InlineData("DO $$ BEGIN PERFORM set_config('statement_timeout','0',false), set_config('idle_in_transaction_session_timeout','0',false), set_config('lock_timeout','0',false); COMMIT; LOOP BEGIN PERFORM pg_sleep(3600); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$")]
    [InlineData("DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(3600); EXCEPTION WHEN query_canceled OR OTHERS THEN NULL; END; END LOOP; END $$")]
    [InlineData("SELECT pg_sleep(3600)")]
    public async Task A_statement_that_goes_on_after_its_cancellation_is_ended_with_its_backend(string sql)
    {
        var account = await Service.NewAccountAsync("endless");
        var begun = Stopwatch.GetTimestamp();
        var reply = await Service.Client(account).PostAsync("/api/query", new { sql, timeout_ms = 1_000 });

        Assert.Equal(504, reply.Status);
        Assert.Equal("query_timeout", reply.Code);
        Assert.Equal("57014", reply.SqlState);
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.FromSeconds(0.9), Ended);
        await Eventually.Async(
            async () => await CountAsync(account, "state = 'active'") == 0, TimeSpan.FromSeconds(10), "the backend that did not stop is gone");
        Assert.Equal(1, (await Service.ScalarAsync(account, "SELECT 1")).GetInt32());
    }

    [Theory]
    [InlineData("BEGIN")]
    [InlineData("START TRANSACTION ISOLATION LEVEL SERIALIZABLE")]
    public async Task A_transaction_that_was_left_open_is_ended_with_its_request(string sql)
    {
        var account = await Service.NewAccountAsync("open");
        await Service.TryQueryAsync(account, sql);

        await Eventually.Async(
            async () => await CountAsync(account, "(state LIKE 'idle in transaction%' OR xact_start IS NOT NULL)") == 0,
            TimeSpan.FromSeconds(5),
            "no transaction is open");
        Assert.True((await Service.ScalarAsync(account, "SELECT pg_current_xact_id_if_assigned() IS NULL")).GetBoolean());
    }

    [Fact]
    public async Task A_search_that_no_signal_reaches_is_answered_at_its_deadline_and_others_are_served()
    {
        var account = await Service.NewAccountAsync("deaf");
        var begun = Stopwatch.GetTimestamp();
        var reply = await Service.Client(account).PostAsync(
            "/api/query", new { sql = "SELECT strpos(repeat('a', 300000), 'b' || repeat('a', 20000))", timeout_ms = 1_000 });

        Assert.True(reply.Code == "query_timeout" || reply.Status == 200, reply.ToString());
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, Ended);
        Assert.Equal(1, (await Service.ScalarAsync(account, "SELECT 1")).GetInt32());
        await Service.Arena.AssertVictimIsServedAsync();
        // DROP DATABASE waits for every backend of the server: it would be another test's.
        await Eventually.Async(async () => await CountAsync(account, "state <> 'idle'") == 0, TimeSpan.FromMinutes(3), "the search has ended");
    }

    private async Task<long> CountAsync(string account, string condition) => await Service.SystemScalarAsync<long>(
        $"SELECT count(*) FROM pg_stat_activity WHERE usename = $1 AND {condition}", await Service.RoleOfAsync(account));
}
