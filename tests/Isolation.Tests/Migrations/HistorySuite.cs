using Kataven.Grains.Migrations;
using Kataven.Isolation.Tests.Servers;
using Kataven.Migrations;

namespace Kataven.Isolation.Tests.Migrations;

/// <summary>What is told about an account's migrations, and whose word is taken for it.</summary>
public abstract class HistorySuite(ArenaService service) : ServerSuite(service)
{
    private static readonly MigrationScript[] Three = MigrationBench.Scripts("CREATE TABLE one (a int)", "CREATE TABLE two (a int)", "CREATE TABLE three (a int)");

    [Fact]
    public async Task A_script_that_changed_or_vanished_is_told_and_holds_up_nothing()
    {
        var bench = await MigrationBench.NewAsync(Service);
        await bench.ApplyAsync(Three[..2]);
        MigrationScript[] now = [new(1, "script 1", "CREATE TABLE other (a int)"), Three[2]];

        var status = await bench.StatusAsync(now);
        Assert.Equal([(1, DriftReason.Changed), (2, DriftReason.Vanished)], status.Drift.Select(drift => (drift.Version, drift.Reason)));
        Assert.Equal("3", string.Join(',', status.Pending.Select(entry => entry.Version)));
        Assert.Equal(3, Assert.Single((await bench.ApplyAsync(now)).Applied).Version);
        Assert.False(await bench.ExistsAsync("public.other"));
    }

    [Fact]
    public async Task A_target_is_come_to_and_not_gone_back_to()
    {
        var bench = await MigrationBench.NewAsync(Service);
        Assert.Equal(2, (await bench.ApplyAsync(Three, target: 2)).Version);
        Assert.False(await bench.ExistsAsync("public.three"));
        var back = await bench.ApplyAsync(Three, target: 1);
        Assert.Equal((2, 0, null, null), (back.Version, back.Applied.Count, back.Failure, back.Refusal));
        Assert.Equal("invalid_request", Errors.ErrorCatalogue.Of((await bench.ApplyAsync(Three, target: 4)).Refusal!.Code).Code);
    }

    [Fact]
    public async Task A_script_with_a_lower_number_that_came_later_is_applied_too()
    {
        var bench = await MigrationBench.NewAsync(Service);
        await bench.ApplyAsync([Three[0], Three[2]]);
        var result = await bench.ApplyAsync(Three);
        Assert.Equal((3, 2), (result.Version, Assert.Single(result.Applied).Version));
        Assert.True(await bench.ExistsAsync("public.two"));
    }

    [Fact]
    public async Task A_plan_says_what_would_run_and_changes_nothing()
    {
        var bench = await MigrationBench.NewAsync(Service);
        var plan = await bench.Runner(Three).PlanAsync(bench.Id, bench.Credential, 2, MigrationBench.Cancellation);
        Assert.Equal((0, "1,2"), (plan.Version, string.Join(',', plan.Applied.Select(entry => entry.Version))));
        Assert.Equal(("", false), (await bench.HistoryAsync(), await bench.ExistsAsync("public.one")));
        Assert.NotNull((await bench.Runner(Three).PlanAsync(bench.Id, bench.Credential, 9, MigrationBench.Cancellation)).Refusal);
    }

    [Fact]
    public async Task Each_step_is_told_before_it_is_done()
    {
        var bench = await MigrationBench.NewAsync(Service);
        var (steps, progress) = (new List<string>(), new List<double>());
        await bench.Runner(Three[..2]).ApplyAsync(bench.Id, bench.Credential, null, (name, share) =>
        {
            steps.Add(name);
            progress.Add(share);
            return Task.CompletedTask;
        }, MigrationBench.Cancellation);
        Assert.Equal(
            ["migrate.settle", "migrate.run:1", "migrate.intent:1", "migrate.commit:1", "migrate.record:1", "migrate.run:2", "migrate.intent:2", "migrate.commit:2", "migrate.record:2"],
            steps);
        Assert.Equal(progress.Order(), progress);
        Assert.All(progress, share => Assert.InRange(share, 0, 1));
        await bench.Runner(Three[..2]).ApplyAsync(bench.Id, bench.Credential, null, (_, _) => throw new InvalidOperationException("Nothing is to be done."), MigrationBench.Cancellation);
    }

    [Fact]
    public async Task An_account_that_a_version_before_the_table_closed_gets_it()
    {
        var bench = await MigrationBench.NewAsync(Service);
        await bench.SuperuserAsync("ALTER EXTENSION plpgsql DROP TABLE _kataven.migration; DROP TABLE _kataven.migration; UPDATE _kataven.identity SET isolation_version = 4");
        Assert.Equal((0, 3), ((await bench.StatusAsync(Three)).Version, (await bench.StatusAsync(Three)).Pending.Count));
        Assert.Equal(3, (await bench.ApplyAsync(Three)).Version);
        Assert.Equal(Grains.Isolation.IsolationScripts.Version, await bench.ScalarAsync<int>("SELECT isolation_version FROM _kataven.identity"));
        Assert.Equal(1, await bench.ScalarAsync<long>("SELECT count(*) FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = '_kataven.migration'::regclass AND deptype = 'e'"));
    }

    [Theory]
    [InlineData("CREATE TRIGGER trap BEFORE INSERT OR UPDATE ON _kataven.migration FOR EACH ROW EXECUTE FUNCTION public.trap()")]
    [InlineData("CREATE RULE trap AS ON INSERT TO _kataven.migration DO ALSO INSERT INTO public.ran VALUES (current_user)")]
    [InlineData("ALTER TABLE _kataven.migration ADD CHECK (public.trapped())")]
    [InlineData("ALTER TABLE _kataven.migration ALTER state SET DEFAULT public.trapped()::text")]
    [InlineData("ALTER EXTENSION plpgsql DROP TABLE _kataven.migration; DROP TABLE _kataven.migration; CREATE VIEW _kataven.migration AS SELECT 1 AS version, public.trapped() AS state")]
    [InlineData("CREATE TABLE public.child () INHERITS (_kataven.migration)")]
    public async Task A_history_that_more_hangs_on_to_than_the_service_made_is_not_read(string planted)
    {
        var bench = await MigrationBench.NewAsync(Service, "CREATE TABLE ran (who text)");
        await bench.SuperuserAsync("CREATE FUNCTION public.trap() RETURNS trigger LANGUAGE plpgsql AS 'begin insert into public.ran values (current_user); return new; end'");
        await bench.SuperuserAsync("CREATE FUNCTION public.trapped() RETURNS boolean LANGUAGE plpgsql AS 'begin insert into public.ran values (current_user); return true; end'");
        await bench.SuperuserAsync(planted);

        Assert.Equal(Errors.ErrorCode.IsolationViolation, (await bench.ApplyAsync(Three)).Refusal?.Code);
        Assert.Equal(Errors.ErrorCode.IsolationViolation, (await bench.StatusAsync(Three)).Refusal?.Code);
        Assert.Equal(0, await bench.ScalarAsync<long>("SELECT count(*) FROM public.ran"));
    }

    [Fact]
    public async Task A_dump_passes_over_the_table_as_over_the_stamp()
    {
        var bench = await MigrationBench.NewAsync(Service);
        Assert.Equal(2, await bench.ScalarAsync<long>(
            "SELECT count(*) FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid IN ('_kataven.migration'::regclass, '_kataven.identity'::regclass) AND deptype = 'e'"));
    }

    [Fact]
    public async Task An_account_that_is_up_to_date_costs_one_connection_and_one_that_is_not_two()
    {
        var bench = await MigrationBench.NewAsync(Service);
        Assert.Equal(3, await SessionsAsync(3));
        Assert.Equal(2, await SessionsAsync(2));

        async Task<long> SessionsAsync(int least)
        {
            var before = await CountAsync();
            await bench.ApplyAsync(Three);
            await bench.ApplyAsync(Three);
            await Testing.Eventually.Async(async () => await CountAsync() >= before + least, MigrationBench.Patience, "the server has counted");
            return await CountAsync() - before;
        }

        Task<long> CountAsync() => Service.SystemScalarAsync<long>("SELECT sessions FROM pg_stat_database WHERE datname = $1", bench.Account);
    }

    [Fact]
    public async Task A_database_of_another_account_is_not_migrated()
    {
        var (bench, other) = (await MigrationBench.NewAsync(Service), await MigrationBench.NewAsync(Service));
        var result = await bench.Runner(Three).ApplyAsync(other.Id, bench.Credential, null, (_, _) => Task.CompletedTask, MigrationBench.Cancellation);
        Assert.Equal(Errors.ErrorCode.IsolationViolation, result.Refusal?.Code);
        Assert.Equal("", await other.HistoryAsync());
    }
}
