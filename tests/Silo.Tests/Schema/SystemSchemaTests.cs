using Kataven.Silo.Schema;
using Kataven.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kataven.Silo.Tests.Schema;

public sealed class SystemSchemaTests(PostgresFixture postgres)
{
    private const string Fingerprint = """
        SELECT string_agg(c.oid::text || c.relname || c.xmin::text, ',' ORDER BY c.oid) || (SELECT string_agg(v::text, ',' ORDER BY version) FROM kataven.schema_version v)
        FROM pg_class c WHERE c.relnamespace IN ('kataven'::regnamespace, 'orleans'::regnamespace, 'public'::regnamespace)
        """;

    [Fact]
    public async Task Eight_processes_at_once_make_one_schema()
    {
        await using var database = new SystemDatabase(postgres.ConnectionString);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => database.EnsureAsync()));

        Assert.Equal(SchemaScript.Embedded.Count, await database.ScalarAsync<long>("SELECT count(*) FROM kataven.schema_version"));
        Assert.Equal(0L, await database.ScalarAsync<long>("SELECT count(*) FROM public.accounts"));
        Assert.Equal("UTF8", await database.ScalarAsync<string>("SHOW server_encoding"));
    }

    [Fact]
    public async Task A_second_run_changes_nothing()
    {
        await using var database = await SystemDatabase.CreateAsync(postgres.ConnectionString);
        var before = await database.ScalarAsync<string>(Fingerprint);
        var log = new CollectedLog();

        await database.EnsureAsync(log);

        Assert.Equal(before, await database.ScalarAsync<string>(Fingerprint));
        Assert.Empty(log.Messages);
    }

    [Fact]
    public async Task A_script_that_changed_after_it_was_applied_is_refused_by_its_name()
    {
        await using var database = await SystemDatabase.CreateAsync(postgres.ConnectionString);
        await database.ExecuteAsync("UPDATE kataven.schema_version SET checksum = 'other' WHERE version = 2");

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => database.EnsureAsync());

        Assert.Contains("0002_accounts.sql", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_newer_than_the_build_is_used_and_told()
    {
        await using var database = await SystemDatabase.CreateAsync(postgres.ConnectionString);
        await database.ExecuteAsync("INSERT INTO kataven.schema_version (version, name, checksum) VALUES (9000, 'later', '')");
        var log = new CollectedLog();

        await database.EnsureAsync(log);

        Assert.Contains(log.Messages, message => message.Contains("9000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_table_of_the_four_columns_is_taken_over_with_its_rows()
    {
        await using var database = new SystemDatabase(postgres.ConnectionString);
        await database.OnServerAsync($"CREATE DATABASE {database.Name} TEMPLATE template0");
        await database.ExecuteAsync("""
            CREATE TABLE accounts (
                account_id varchar(63) PRIMARY KEY, account_name varchar(255), database_name varchar(63), status varchar(20));
            INSERT INTO accounts VALUES ('acme', 'Acme', 'acme', 'active'), ('globex', 'Globex', 'globex', 'suspended')
            """);

        await database.EnsureAsync();

        Assert.Equal("acme,globex", await database.ScalarAsync<string>(
            "SELECT string_agg(account_id, ',' ORDER BY account_id) FROM public.accounts WHERE version > 0 AND account_uid IS NOT NULL"));
        Assert.Equal(1L, await database.ScalarAsync<long>(
            "SELECT count(*) FROM pg_constraint WHERE conrelid = 'public.accounts'::regclass AND contype = 'p'"));
    }

    [Fact]
    public async Task A_failed_script_leaves_nothing_behind()
    {
        await using var database = new SystemDatabase(postgres.ConnectionString);
        await database.OnServerAsync($"CREATE DATABASE {database.Name} TEMPLATE template0");
        await database.ExecuteAsync("CREATE SCHEMA orleans");

        await Assert.ThrowsAsync<PostgresException>(() => database.EnsureAsync());

        Assert.Equal(0L, await database.ScalarAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'kataven'"));
        await database.ExecuteAsync("DROP SCHEMA orleans");
        await database.EnsureAsync();
    }

    [Fact]
    public async Task The_gate_opens_when_a_silo_has_made_the_schema()
    {
        await using var database = new SystemDatabase(postgres.ConnectionString);
        var log = new CollectedLog();
        var waiting = SchemaGate.WaitAsync(
            postgres.ConnectionString, database.Name, TimeSpan.FromSeconds(30), TimeProvider.System, log,
            TestContext.Current.CancellationToken);
        await Eventually.Async(() => !log.Messages.IsEmpty, TimeSpan.FromSeconds(10), "the gate says that it waits");
        Assert.False(waiting.IsCompleted);

        await database.EnsureAsync();

        await waiting;
    }

    [Fact]
    public async Task The_gate_gives_up_at_its_deadline()
    {
        var nowhere = new SystemDatabase(postgres.ConnectionString);
        await Assert.ThrowsAsync<TimeoutException>(() => SchemaGate.WaitAsync(
            postgres.ConnectionString, nowhere.Name, TimeSpan.FromMilliseconds(600), TimeProvider.System, NullLogger.Instance,
            TestContext.Current.CancellationToken));
    }
}
