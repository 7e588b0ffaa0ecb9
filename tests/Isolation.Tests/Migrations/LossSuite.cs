using Kataven.Grains.Migrations;
using Kataven.Isolation.Tests.Servers;
using Npgsql;

namespace Kataven.Isolation.Tests.Migrations;

/// <summary>Whatever is lost in the middle of a migration, each script is applied once.</summary>
public abstract class LossSuite(ArenaService service) : ServerSuite(service)
{
    private static readonly string[] Count = ["INSERT INTO counted VALUES (1)"];

    [Theory]
    [InlineData("migrate.intent:1")]
    [InlineData("migrate.commit:1")]
    public async Task A_connection_that_is_lost_before_the_commit_leaves_nothing(string step)
    {
        var bench = await NewAsync();
        var result = await bench.ApplyAsync(MigrationBench.Scripts(Count), MigrationBench.At(step, bench.KillAsync));
        Assert.Equal(1, result.Failure?.Version);
        Assert.Equal("", await bench.HistoryAsync());
        await AssertAppliedOnceAsync(bench);
    }

    [Theory]
    [InlineData("migrate.settle")]
    [InlineData("migrate.run:1")]
    [InlineData("migrate.intent:1")]
    [InlineData("migrate.commit:1")]
    public async Task Who_asked_for_the_run_ends_it_before_the_commit_and_nothing_is_left(string step)
    {
        var bench = await NewAsync();
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => bench.ApplyAsync(MigrationBench.Scripts(Count), MigrationBench.At(step, Throw)));
        Assert.Equal(("", 0L), (await bench.HistoryAsync(), await bench.ScalarAsync<long>("SELECT count(*) FROM public.counted")));
        await AssertAppliedOnceAsync(bench);
    }

    [Fact]
    public async Task What_was_committed_and_not_written_down_is_in_force_and_not_applied_again()
    {
        var bench = await NewAsync();
        var scripts = MigrationBench.Scripts(Count);
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => bench.ApplyAsync(scripts, MigrationBench.At("migrate.record:1", Throw)));
        Assert.Equal("1 intended", await bench.HistoryAsync());
        Assert.Equal(1, (await bench.StatusAsync(scripts)).Version);
        Assert.Empty((await bench.Runner(scripts).PlanAsync(bench.Id, bench.Credential, null, MigrationBench.Cancellation)).Applied);

        Assert.Empty((await bench.ApplyAsync(scripts)).Applied);
        Assert.Equal(("1 applied", 1L), (await bench.HistoryAsync(), await bench.ScalarAsync<long>("SELECT count(*) FROM public.counted")));
    }

    [Theory]
    [InlineData("migrate.commit:1")]
    [InlineData("migrate.record:1")]
    public async Task The_services_own_connection_is_opened_anew_where_it_was_lost(string step)
    {
        var bench = await NewAsync();
        var result = await bench.ApplyAsync(MigrationBench.Scripts(Count), MigrationBench.At(step, () => bench.SuperuserAsync(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kataven-system'")));
        Assert.Null(result.Failure);
        Assert.Equal(("1 applied", 1L), (await bench.HistoryAsync(), await bench.ScalarAsync<long>("SELECT count(*) FROM public.counted")));
    }

    /// <summary>A process that died: its connection is still there, or what it did is.</summary>
    [Theory]
    [InlineData("kataven-migration", null, 2)]
    [InlineData("renamed by the script", null, 2)]
    [InlineData("kataven-migration", "ROLLBACK", 2)]
    [InlineData("kataven-migration", "COMMIT", 1)]
    public async Task What_a_dead_process_left_behind_is_settled(string applicationName, string? end, long counted)
    {
        var bench = await NewAsync();
        var script = MigrationBench.Scripts(Count)[0];
        await using var left = await bench.OpenAsAccountAsync(applicationName);
        await using var begin = new NpgsqlCommand("BEGIN; INSERT INTO counted VALUES (0); SELECT pg_current_xact_id()::text", left);
        var xid = (string)(await begin.ExecuteScalarAsync(MigrationBench.Cancellation))!;
        await bench.SuperuserAsync(
            $"INSERT INTO _kataven.migration VALUES (1, 'script 1', '{script.Checksum}', 'intended', '{xid}', 0, NULL, now(), NULL, NULL, gen_random_uuid())");
        if (end is not null)
        {
            await using var ending = new NpgsqlCommand(end, left);
            await ending.ExecuteNonQueryAsync(MigrationBench.Cancellation);
        }

        Assert.Null(await bench.Runner(script).SettleAsync(bench.Id, bench.Credential, MigrationBench.Cancellation));
        Assert.Equal(end == "COMMIT" ? "1 applied" : "", await bench.HistoryAsync());
        Assert.Null((await bench.ApplyAsync([script])).Failure);
        Assert.Equal("1 applied", await bench.HistoryAsync());
        Assert.Equal(counted == 1 ? 0L : 1L, await bench.ScalarAsync<long>("SELECT sum(a) FROM public.counted"));
    }

    [Fact]
    public async Task A_backend_that_a_dead_process_left_before_its_intent_is_ended_too()
    {
        var bench = await NewAsync();
        bench.Options.LockTimeout = TimeSpan.FromSeconds(1);
        await using var left = await bench.OpenAsAccountAsync(ScriptConnection.ApplicationName);
        await using var begin = new NpgsqlCommand("BEGIN; LOCK TABLE counted", left);
        await begin.ExecuteNonQueryAsync(MigrationBench.Cancellation);
        Assert.Null((await bench.ApplyAsync(Count)).Failure);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_runs_at_once_the_second_waits_or_is_refused(bool waits)
    {
        var bench = await NewAsync();
        var scripts = MigrationBench.Scripts(Count);
        var (reached, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = bench.ApplyAsync(scripts, MigrationBench.At("migrate.commit:1", () =>
        {
            reached.SetResult();
            return release.Task;
        }));
        await reached.Task.WaitAsync(MigrationBench.Patience, MigrationBench.Cancellation);
        bench.Options.LockTimeout = waits ? TimeSpan.FromSeconds(50) : TimeSpan.FromMilliseconds(200);
        var second = bench.ApplyAsync(scripts);
        if (waits)
        {
            await Testing.Eventually.Async(
                () => bench.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"),
                MigrationBench.Patience, "the second waits");
            release.SetResult();
            Assert.Empty((await second).Applied);
        }
        else
        {
            Assert.Equal(Kataven.Errors.ErrorCode.OperationRunning, (await second).Refusal?.Code);
            release.SetResult();
        }

        Assert.Single((await first).Applied);
        Assert.Equal(1, await bench.ScalarAsync<long>("SELECT count(*) FROM public.counted"));
    }

    private static Task Throw() => throw new TimeZoneNotFoundException();

    private Task<MigrationBench> NewAsync() => MigrationBench.NewAsync(Service, "CREATE TABLE counted (a int)");

    private static async Task AssertAppliedOnceAsync(MigrationBench bench)
    {
        Assert.Null((await bench.ApplyAsync(Count)).Failure);
        Assert.Equal(("1 applied", 1L), (await bench.HistoryAsync(), await bench.ScalarAsync<long>("SELECT count(*) FROM public.counted")));
    }
}
