using Kataven.Grains.Migrations;
using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Migrations;

/// <summary>A script that cannot run in a transaction goes on where it stopped, and leaves no invalid index.</summary>
public abstract class StatementwiseSuite(ArenaService service) : ServerSuite(service)
{
    private const string Head = MigrationScript.NoTransaction + "\n";

    private const string Unique = "CREATE UNIQUE INDEX CONCURRENTLY item_id ON item (id);";

    private const string Invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";

    [Fact]
    public async Task An_index_that_fails_is_not_left_behind_and_the_script_goes_on_there_when_asked_again()
    {
        var bench = await NewAsync("INSERT INTO item VALUES (1), (1)");
        var script = Script($"INSERT INTO counted VALUES (1);\n{Unique}\nCREATE INDEX CONCURRENTLY ON item (id);");

        var failed = await bench.ApplyAsync([script]);
        Assert.Equal((1, "23505", 3), (failed.Failure!.Version, failed.Failure.Sql.SqlState, failed.Failure.Line));
        Assert.Equal((0, 0L, "1 intended"), (failed.Version, await bench.ScalarAsync<long>(Invalid), await bench.HistoryAsync()));
        Assert.Equal((0, 1), ((await bench.StatusAsync(script)).Version, (await bench.StatusAsync(script)).Pending.Count));

        await bench.AsAccountAsync("TRUNCATE item");
        Assert.Null((await bench.ApplyAsync([script])).Failure);
        Assert.Equal(("1 applied", 1L), (await bench.HistoryAsync(), await bench.ScalarAsync<long>("SELECT count(*) FROM public.counted")));
        Assert.Equal(2, await bench.ScalarAsync<long>("SELECT count(*) FROM pg_index WHERE indrelid = 'public.item'::regclass AND indisvalid"));
    }

    [Fact]
    public async Task A_failure_of_the_first_statement_leaves_nothing_at_all()
    {
        var bench = await NewAsync("INSERT INTO item VALUES (1), (1)");
        Assert.Equal("23505", (await bench.ApplyAsync([Script(Unique)])).Failure?.Sql.SqlState);
        Assert.Equal((0L, ""), (await bench.ScalarAsync<long>(Invalid), await bench.HistoryAsync()));
    }

    [Fact]
    public async Task An_invalid_index_that_was_there_before_stays()
    {
        var bench = await NewAsync("INSERT INTO item VALUES (1), (1)", "CREATE INDEX old ON item (id)");
        await bench.SuperuserAsync("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.old'::regclass");
        Assert.NotNull((await bench.ApplyAsync([Script(Unique)])).Failure);
        Assert.Equal("old", await bench.ScalarAsync<string>("SELECT string_agg(indexrelid::regclass::text, ',') FROM pg_index WHERE NOT indisvalid"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_index_that_a_dead_process_made_counts_as_done_only_where_it_is_valid(bool isValid)
    {
        var bench = await NewAsync("CREATE UNIQUE INDEX item_id ON item (id)");
        var script = Script($"INSERT INTO counted VALUES (1); {Unique} INSERT INTO counted VALUES (2)");
        var oid = await bench.ScalarAsync<uint>("SELECT 'public.item_id'::regclass::oid");
        await bench.SuperuserAsync($"UPDATE pg_index SET indisvalid = {isValid} WHERE indexrelid = {oid}");
        await LeftAsync(bench, script, done: 1);

        Assert.Null((await bench.ApplyAsync([script])).Failure);
        Assert.Equal("2", await bench.ScalarAsync<string>("SELECT string_agg(a::text, ',') FROM public.counted"));
        Assert.True(await bench.ScalarAsync<bool>("SELECT indisvalid FROM pg_index WHERE indexrelid = 'public.item_id'::regclass"));
        Assert.Equal(isValid, oid == await bench.ScalarAsync<uint>("SELECT 'public.item_id'::regclass::oid"));
    }

    [Fact]
    public async Task An_index_that_was_somebody_elses_does_not_count_as_done()
    {
        var bench = await NewAsync("CREATE INDEX item_id ON item (id)");
        var script = Script($"INSERT INTO counted VALUES (1); {Unique}");
        Assert.Equal("42P07", (await bench.ApplyAsync([script])).Failure?.Sql.SqlState);
        Assert.Equal("42P07", (await bench.ApplyAsync([script])).Failure?.Sql.SqlState);
    }

    [Fact]
    public async Task A_script_whose_text_was_changed_begins_anew()
    {
        var bench = await NewAsync();
        Assert.NotNull((await bench.ApplyAsync([Script("INSERT INTO counted VALUES (1); SELECT 1 / 0")])).Failure);
        Assert.Null((await bench.ApplyAsync([Script("INSERT INTO counted VALUES (2); SELECT 1")])).Failure);
        Assert.Equal("1,2", await bench.ScalarAsync<string>("SELECT string_agg(a::text, ',' ORDER BY a) FROM public.counted"));
    }

    [Fact]
    public async Task What_the_script_set_is_set_again_when_it_goes_on()
    {
        var bench = await NewAsync();
        await bench.AsAccountAsync("CREATE SCHEMA other; CREATE TABLE other.place (a int)");
        var script = Script("SET search_path = other; INSERT INTO place VALUES (1); INSERT INTO later VALUES (1)");
        Assert.Equal("42P01", (await bench.ApplyAsync([script])).Failure?.Sql.SqlState);
        await bench.AsAccountAsync("CREATE TABLE other.later (a int)");
        Assert.Null((await bench.ApplyAsync([script])).Failure);
        Assert.Equal(1, await bench.ScalarAsync<long>("SELECT count(*) FROM other.place"));
    }

    [Fact]
    public async Task A_script_that_hangs_ends_at_the_limit_and_leaves_no_index()
    {
        var bench = await NewAsync();
        bench.Options.StatementTimeout = TimeSpan.FromSeconds(1);
        await using var other = await bench.OpenAsAccountAsync("a test");
        await using var begin = new Npgsql.NpgsqlCommand("BEGIN; INSERT INTO item VALUES (1)", other);
        await begin.ExecuteNonQueryAsync(MigrationBench.Cancellation);
        bench.Options.LockTimeout = TimeSpan.FromSeconds(50);

        var run = bench.ApplyAsync([Script(Unique)]);
        await Testing.Eventually.Async(() => bench.ScalarAsync<bool>($"SELECT ({Invalid}) > 0 OR to_regclass('public.item_id') IS NOT NULL"), MigrationBench.Patience, "the index is begun");
        await using (var end = new Npgsql.NpgsqlCommand("SELECT pg_sleep(1.5); ROLLBACK", other))
        {
            await end.ExecuteNonQueryAsync(MigrationBench.Cancellation);
        }

        Assert.Equal("57014", (await run).Failure?.Sql.SqlState);
        Assert.False(await bench.ExistsAsync("public.item_id"));
    }

    [Fact]
    public async Task A_connection_that_is_lost_before_the_outcome_is_written_down_applies_nothing_twice()
    {
        var bench = await NewAsync();
        var script = Script($"INSERT INTO counted VALUES (1); {Unique}");
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => bench.ApplyAsync([script], MigrationBench.At("migrate.record:1", () => throw new TimeZoneNotFoundException())));
        Assert.Null((await bench.ApplyAsync([script])).Failure);
        Assert.Equal(("1 applied", 1L), (await bench.HistoryAsync(), await bench.ScalarAsync<long>("SELECT count(*) FROM public.counted")));
    }

    private static MigrationScript Script(string sql) => new(1, "script 1", Head + sql);

    private Task<MigrationBench> NewAsync(params string[] more) =>
        MigrationBench.NewAsync(Service, ["CREATE TABLE item (id int); CREATE TABLE counted (a int)", .. more]);

    private static Task LeftAsync(MigrationBench bench, MigrationScript script, int done) => bench.SuperuserAsync(
        $"INSERT INTO _kataven.migration VALUES (1, 'script 1', '{script.Checksum}', 'intended', NULL, {done}, '{{}}', now(), NULL, NULL, gen_random_uuid())");
}
