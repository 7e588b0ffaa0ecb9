using System.Diagnostics;
using Kataven.Accounts;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Errors;

/// <summary>
/// What a client hears of a write that is ended while its backend stands still: nobody can tell then whether it has happened, so it is not
/// told that it has not.
/// </summary>
public sealed class UnansweredTests(ServiceFixture service)
{
    private const string Write = "insert into item values (1)";

    private const string Insert = "insert into item select 1 from pg_sleep(20)";

    private static readonly AccountLimits Short = new() { StatementTimeoutMs = 2_000 };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("one")]
    [InlineData("returning")]
    [InlineData("with")]
    [InlineData("transaction")]
    [InlineData("key")]
    [InlineData("stream")]
    public async Task A_write_whose_backend_stands_still_beyond_its_time_may_have_happened(string form)
    {
        var account = await NewAccountAsync("still", Short);
        await SlowDownCommitsAsync(account);

        var running = form switch
        {
            "one" => service.TryQueryAsync(account, Write),
            "returning" => service.TryQueryAsync(account, Write + " returning id"),
            "with" => service.TryQueryAsync(account, $"with written as ({Write} returning id) select id from written"),
            "transaction" => service.Client(account).PostAsync("/api/transaction", new { statements = new[] { new { sql = Write } } }),
            "key" => service.Client(account).CallAsync(HttpMethod.Post, "/api/query", new { sql = Write }, ("Idempotency-Key", "k")),
            _ => service.Client(account).CallAsync(HttpMethod.Post, "/api/query", new { sql = Write }, ("Accept", "application/x-ndjson")),
        };
        await using var backend = await StopAsync(account);
        var reply = await running;

        Assert.Equal((503, "outcome_unknown"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task What_only_reads_by_its_callers_word_has_run_out_of_time()
    {
        var account = await NewAccountAsync("stillread", Short);

        var running = service.Client(account).PostAsync("/api/query", new { sql = "select pg_sleep(20)", read_only = true });
        await using var backend = await StopAsync(account);
        var reply = await running;

        Assert.Equal((504, "query_timeout", "57014"), (reply.Status, reply.Code, reply.SqlState));
    }

    [Fact]
    public async Task A_write_that_a_suspension_ends_may_have_happened_where_its_backend_stands_still()
    {
        var account = await NewAccountAsync("stillsuspended");
        var running = service.TryQueryAsync(account, Insert);
        Task<Reply> suspending;
        await using (await StopAsync(account))
        {
            suspending = service.AdminClient().CallAsync(HttpMethod.Put, $"/api/admin/accounts/{account}/suspension", new { reason = "unpaid" });
            var reply = await running;

            Assert.Equal((503, "outcome_unknown"), (reply.Status, reply.Code));
        }

        (await suspending).Ok();
    }

    /// <summary>PostgreSQL sends the rows, and that they are all, before it commits: it may say after them that it has not.</summary>
    [Theory]
    [InlineData("select write()", null)]
    [InlineData("select write()", "application/x-ndjson")]
    [InlineData(Write + " returning id", "text/csv")]
    public async Task A_write_that_is_cancelled_while_it_is_committed_has_not_happened(string sql, string? accept)
    {
        var account = await NewAccountAsync("slowcommit", Short);
        await service.QueryAsync(account, $"create function write() returns int language sql as '{Write} returning id'");
        await SlowDownCommitsAsync(account);

        var reply = await service.Client(account).CallAsync(HttpMethod.Post, "/api/query", new { sql }, accept is null ? [] : [("Accept", accept)]);

        Assert.Equal((504, "query_timeout", "57014"), (reply.Status, reply.Code, reply.SqlState));
        Assert.Equal(0, (await service.ScalarAsync(account, "select count(*)::int from item")).GetInt32());
    }

    private async Task SlowDownCommitsAsync(string account)
    {
        await service.QueryAsync(account, "create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(20); return null; end'");
        await service.QueryAsync(account, "create constraint trigger slow after insert on item deferrable initially deferred for each row execute function slow()");
    }

    private async Task<string> NewAccountAsync(string prefix, AccountLimits? limits = null)
    {
        var account = await service.NewAccountAsync(prefix, limits);
        await service.QueryAsync(account, "create table item (id int)");
        return account;
    }

    /// <summary>Stops the process of the account's statement while it waits, until this is disposed of.</summary>
    private async Task<StoppedProcess> StopAsync(string account)
    {
        var id = 0;
        await Eventually.Async(
            async () => (id = await service.SystemScalarAsync<int>(
                "select coalesce(max(pid), 0) from pg_stat_activity where datname = $1 and state = 'active' and wait_event = 'PgSleep'", account)) > 0,
            Patience,
            "the statement waits");
        return new StoppedProcess(id);
    }

    private sealed class StoppedProcess : IAsyncDisposable
    {
        private readonly int _id;

        public StoppedProcess(int id)
        {
            _id = id;
            Signal("STOP", id);
        }

        public ValueTask DisposeAsync()
        {
            Signal("CONT", _id);
            return ValueTask.CompletedTask;
        }

        private static void Signal(string signal, int id)
        {
            using var kill = Process.Start("kill", [$"-{signal}", id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
            Assert.Equal(0, kill.ExitCode);
        }
    }
}
