using Kataven.Isolation.Tests.Servers;
using Kataven.Migrations;
using Kataven.Testing;
using Npgsql;

namespace Kataven.Isolation.Tests.Migrations;

/// <summary>A script in a transaction is applied wholly and once, or not at all.</summary>
public abstract class TransactionSuite(ArenaService service) : ServerSuite(service)
{
    private const string Many = """
        CREATE TABLE item (id int PRIMARY KEY, name text);
        DO $$ BEGIN INSERT INTO item VALUES (1, 'a;b'); INSERT INTO item VALUES (2, $x$;$x$); END $$;
        CREATE FUNCTION plus(a int) RETURNS int LANGUAGE plpgsql AS 'begin return a + 1; end';
        CREATE FUNCTION twice(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a > 0 THEN a * 2 END; END;
        SELECT * FROM item;
        -- nothing;
        """;

    [Fact]
    public async Task Scripts_are_applied_in_order_and_once_and_the_account_reads_that()
    {
        var bench = await MigrationBench.NewAsync(Service);
        var scripts = MigrationBench.Scripts(Many, "INSERT INTO item SELECT twice(plus(1)), 'four'");

        var first = await bench.ApplyAsync(scripts);
        Assert.Null(first.Failure);
        Assert.Equal((2, "1,2"), (first.Version, VersionsOf(first)));
        Assert.Equal("1,2,4", await bench.ScalarAsync<string>("SELECT string_agg(id::text, ',' ORDER BY id) FROM public.item"));
        Assert.Empty((await bench.ApplyAsync(scripts)).Applied);
        Assert.Equal(2, (await Service.ScalarAsync(bench.Account, "SELECT count(*) FROM _kataven.migration WHERE state = 'applied' AND duration_ms >= 0")).GetInt32());

        var status = await bench.StatusAsync(scripts);
        Assert.Equal((2, 2, 0, 0), (status.Version, status.Applied.Count, status.Pending.Count, status.Drift.Count));
        Assert.All(status.Applied, entry => Assert.NotNull(entry.AppliedAt));
    }

    [Theory]
    [InlineData("DELETE FROM _kataven.migration")]
    [InlineData("UPDATE _kataven.migration SET version = 7")]
    [InlineData("INSERT INTO _kataven.migration (version, description, checksum, state, statements_done, started_at) VALUES (9, '', '', 'applied', 0, now())")]
    [InlineData("DROP TABLE _kataven.migration")]
    [InlineData("ALTER TABLE _kataven.migration ADD x int")]
    [InlineData("CREATE TRIGGER t BEFORE INSERT ON _kataven.migration FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()")]
    public async Task A_script_that_changes_its_own_history_is_refused_and_leaves_the_version(string sql)
    {
        var bench = await MigrationBench.NewAsync(Service);
        var result = await bench.ApplyAsync("CREATE TABLE one (a int)", sql);
        Assert.Equal("42501", result.Failure?.Sql.SqlState);
        Assert.Equal((1, "1"), (result.Version, VersionsOf(result)));
        Assert.Equal("1 applied", await bench.HistoryAsync());
    }

    [Fact]
    public async Task A_script_that_fails_half_way_leaves_nothing_and_tells_where()
    {
        var bench = await MigrationBench.NewAsync(Service);
        var result = await bench.ApplyAsync("CREATE TABLE one (a int)", "CREATE TABLE two (a int);\nDROP TABLE one;\n\nSELECT missing FROM two", "CREATE TABLE three (a int)");

        Assert.Equal((2, "42703", 4), (result.Failure!.Version, result.Failure.Sql.SqlState, result.Failure.Line));
        Assert.Equal("CREATE TABLE two (a int);\nDROP TABLE one;\n\nSELECT ".Length + 1, result.Failure.Sql.Position);
        Assert.Equal("1 applied", await bench.HistoryAsync());
        Assert.Equal((true, false, false), (await bench.ExistsAsync("public.one"), await bench.ExistsAsync("public.two"), await bench.ExistsAsync("public.three")));
        Assert.Equal("2,3", VersionsOf(await bench.ApplyAsync("CREATE TABLE one (a int)", "CREATE TABLE two (a int)", "CREATE TABLE three (a int)")));
    }

    [Fact]
    public async Task Text_that_is_no_SQL_fails_when_it_is_applied() =>
        Assert.Equal("42601", (await (await MigrationBench.NewAsync(Service)).ApplyAsync("SELEKT 1")).Failure?.Sql.SqlState);

    [Fact]
    public async Task A_constraint_that_fails_at_the_commit_leaves_no_trace()
    {
        var bench = await MigrationBench.NewAsync(Service, "CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)");
        var result = await bench.ApplyAsync("INSERT INTO child VALUES (1)");
        Assert.Equal("23503", result.Failure?.Sql.SqlState);
        Assert.Equal("", await bench.HistoryAsync());
        Assert.Equal(0, await bench.ScalarAsync<long>("SELECT count(*) FROM public.child"));
    }

    [Theory]
    [InlineData("SELECT pg_sleep(600)")]
    [InlineData("DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(600); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$")]
    [InlineData("SET statement_timeout = 0; SELECT pg_sleep(600)")]
    public async Task A_script_that_hangs_ends_at_the_limit(string sql)
    {
        var bench = await MigrationBench.NewAsync(Service);
        bench.Options.StatementTimeout = TimeSpan.FromSeconds(1);
        var result = await bench.ApplyAsync("CREATE TABLE one (a int); " + sql);
        Assert.Equal("57014", result.Failure?.Sql.SqlState);
        Assert.Equal((0, false, ""), (await bench.ConnectionsAsync(), await bench.ExistsAsync("public.one"), await bench.HistoryAsync()));
    }

    [Fact]
    public async Task A_script_does_not_wait_long_for_a_lock()
    {
        var bench = await MigrationBench.NewAsync(Service, "CREATE TABLE busy (a int)");
        bench.Options.LockTimeout = TimeSpan.FromMilliseconds(200);
        await using var other = await bench.OpenAsAccountAsync("a test");
        await using var transaction = await other.BeginTransactionAsync(MigrationBench.Cancellation);
        await using var command = new NpgsqlCommand("LOCK TABLE busy", other);
        await command.ExecuteNonQueryAsync(MigrationBench.Cancellation);

        Assert.Equal("55P03", (await bench.ApplyAsync("ALTER TABLE busy ADD b int")).Failure?.Sql.SqlState);
        Assert.Equal("", await bench.HistoryAsync());
    }

    [Fact]
    public async Task A_cancelled_run_leaves_nothing_of_the_script_under_way()
    {
        var bench = await MigrationBench.NewAsync(Service);
        using var source = new CancellationTokenSource();
        var run = bench.ApplyAsync(MigrationBench.Scripts("CREATE TABLE one (a int)", "CREATE TABLE two (a int); SELECT pg_sleep(600)"), cancellation: source.Token);
        await Eventually.Async(
            async () => await bench.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep(600)%' AND wait_event = 'PgSleep')"),
            MigrationBench.Patience, "the script sleeps");
        await source.CancelAsync();

        var result = await run;
        Assert.Equal((2, "57014", "1"), (result.Failure!.Version, result.Failure.Sql.SqlState, VersionsOf(result)));
        Assert.Equal((false, "1 applied"), (await bench.ExistsAsync("public.two"), await bench.HistoryAsync()));
    }

    [Theory]
    [InlineData("CALL ends()")]
    [InlineData("DO $$ BEGIN COMMIT; END $$")]
    public async Task A_script_that_ends_its_transaction_in_another_way_fails(string sql)
    {
        var bench = await MigrationBench.NewAsync(Service, "CREATE PROCEDURE ends() LANGUAGE plpgsql AS 'begin commit; end'");
        Assert.Equal("2D000", (await bench.ApplyAsync("CREATE TABLE one (a int); " + sql)).Failure?.Sql.SqlState);
        Assert.Equal((false, ""), (await bench.ExistsAsync("public.one"), await bench.HistoryAsync()));
    }

    [Fact]
    public async Task Code_of_the_accounts_that_a_script_sets_off_gets_no_rights_but_the_accounts()
    {
        var bench = await MigrationBench.NewAsync(
            Service,
            "CREATE TABLE ran (who text, session text); CREATE TABLE item (a int)",
            """
            CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              PERFORM set_config('role', 'none', false); EXECUTE 'RESET SESSION AUTHORIZATION';
              INSERT INTO public.ran VALUES (current_user, session_user); RETURN new; END $$
            """,
            "CREATE TRIGGER trap BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION trap()",
            "CREATE FUNCTION public.pg_current_xact_id() RETURNS xid8 LANGUAGE sql AS $$ SELECT '3'::xid8 $$");
        Assert.Null((await bench.ApplyAsync("INSERT INTO item VALUES (1)")).Failure);
        Assert.Equal($"{bench.Credential.Role} {bench.Credential.Role}", await bench.ScalarAsync<string>("SELECT who || ' ' || session FROM public.ran"));
    }

    [Fact]
    public async Task What_a_script_or_the_role_has_set_does_not_change_what_the_next_means()
    {
        var bench = await MigrationBench.NewAsync(Service);
        await bench.AsAccountAsync("ALTER ROLE CURRENT_USER SET search_path = elsewhere; ALTER ROLE CURRENT_USER SET default_transaction_read_only = on");
        var result = await bench.ApplyAsync("SET search_path = pg_catalog; CREATE TEMP TABLE one (a int)", "CREATE TABLE one (a int)");
        Assert.Null(result.Failure);
        Assert.True(await bench.ExistsAsync("public.one"));
    }

    [Theory]
    [InlineData("max_parallel_maintenance_workers")]
    [InlineData("max_parallel_workers_per_gather")]
    public async Task A_script_has_one_process_unless_it_asks_for_more(string setting)
    {
        var bench = await MigrationBench.NewAsync(Service);
        await bench.AsAccountAsync($"ALTER ROLE CURRENT_USER SET {setting} = 2");
        var result = await bench.ApplyAsync(
            $"CREATE TABLE usual AS SELECT current_setting('{setting}') AS workers",
            $"SET LOCAL {setting} = 2; CREATE TABLE more AS SELECT current_setting('{setting}') AS workers");
        Assert.Null(result.Failure);
        Assert.Equal("0 2", await bench.ScalarAsync<string>("SELECT usual.workers || ' ' || more.workers FROM public.usual, public.more"));
    }

    [Fact]
    public async Task An_account_that_changed_its_own_password_is_migrated_all_the_same()
    {
        var bench = await MigrationBench.NewAsync(Service);
        await bench.AsAccountAsync("ALTER ROLE CURRENT_USER PASSWORD 'mine'");
        Assert.Null((await bench.ApplyAsync("CREATE TABLE one (a int)")).Failure);
    }

    private static string VersionsOf(MigrationResult result) => string.Join(',', result.Applied.Select(entry => entry.Version));
}
