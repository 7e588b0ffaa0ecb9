using Kataven.Accounts;
using Kataven.Isolation.Tests.Servers;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Isolation.Tests.Lanes;

/// <summary>What an account can do to its own role and rights is put back when its next lane opens.</summary>
public abstract class SelfHealSuite(ArenaService service) : ServerSuite(service)
{
    [Theory]
    [InlineData("ALTER ROLE CURRENT_USER PASSWORD 'mine'")]
    [InlineData("ALTER ROLE CURRENT_USER PASSWORD NULL")]
    [InlineData("ALTER ROLE CURRENT_USER SET role = 'pg_monitor'")]
    [InlineData("ALTER ROLE CURRENT_USER SET role = 'nobody_at_all'")]
    [InlineData("ALTER ROLE CURRENT_USER SET local_preload_libraries = 'nothing_there'")]
    [InlineData("ALTER ROLE CURRENT_USER SET default_transaction_read_only = on")]
    [InlineData("ALTER ROLE CURRENT_USER SET statement_timeout = 1")]
    [InlineData("ALTER ROLE CURRENT_USER SET search_path = nowhere")]
    [InlineData("ALTER ROLE CURRENT_USER SET client_encoding = 'LATIN1'")]
    [InlineData("ALTER ROLE CURRENT_USER SET standard_conforming_strings = off")]
    [InlineData("ALTER ROLE CURRENT_USER SET DateStyle = 'SQL, DMY'")]
    [InlineData("ALTER ROLE CURRENT_USER SET idle_session_timeout = 1")]
    [InlineData("ALTER ROLE CURRENT_USER SET idle_in_transaction_session_timeout = 1")]
    [InlineData("ALTER ROLE CURRENT_USER SET client_min_messages = debug5")]
    [InlineData("ALTER ROLE CURRENT_USER SET row_security = off")]
    [InlineData("DO $$ BEGIN EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET local_preload_libraries = nothing', current_database()); END $$")]
    [InlineData("DO $$ BEGIN EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM CURRENT_USER', current_database()); END $$")]
    public async Task An_account_that_changed_itself_is_served_again_at_its_next_request(string sql)
    {
        var account = await Service.NewAccountAsync("heal");
        await Service.QueryAsync(account, "CREATE TABLE item (id int, at timestamptz)");
        await Service.TryQueryAsync(account, sql);
        await Service.CloseLanesAsync(account);

        Assert.Equal("2024-01-02T03:04:05+00:00", (await Service.ScalarAsync(account, "SELECT timestamptz '2024-01-02 03:04:05+00'")).GetString());
        Assert.Equal("ü\\", (await Service.ScalarAsync(account, "SELECT 'ü\\'")).GetString());
        Assert.Equal("", (await Service.QueryAsync(account, "INSERT INTO public.item VALUES (1, now())")).GetProperty("rows").ToString()[1..^1]);
        Assert.Equal(1, (await Service.ScalarAsync(account, "SELECT id FROM public.item")).GetInt32());
    }

    [Fact]
    public async Task An_account_that_dropped_all_that_it_owns_is_served_again()
    {
        var account = await Service.NewAccountAsync("dropped");
        await Service.QueryAsync(account, "CREATE TABLE item (id int)");
        await Service.QueryAsync(account, "DROP OWNED BY CURRENT_USER CASCADE");
        await Service.CloseLanesAsync(account);

        Assert.Equal(1, (await Service.ScalarAsync(account, "SELECT 1")).GetInt32());
        await Service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/isolation/repair");
        await Service.QueryAsync(account, "CREATE TABLE item (id int)");
        await Service.QueryAsync(account, "INSERT INTO item VALUES (1)");
    }

    [Fact]
    public async Task An_account_that_changes_itself_all_the_time_does_not_keep_itself_from_being_put_in_order()
    {
        var account = await Service.NewAccountAsync("busy");
        using var done = new CancellationTokenSource();
        var changing = Enumerable.Range(0, 3).Select(async i =>
        {
            while (!done.IsCancellationRequested)
            {
                await Service.TryQueryAsync(account, $"ALTER ROLE CURRENT_USER SET work_mem = '{8 + i}MB'");
                await Service.TryQueryAsync(account, "ALTER ROLE CURRENT_USER RESET ALL");
            }
        }).ToList();
        try
        {
            for (var i = 0; i < 3; i++)
            {
                var reply = await Service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/isolation/repair");
                Assert.True(reply.Status == 200, reply.ToString());
            }
        }
        finally
        {
            await done.CancelAsync();
            await Task.WhenAll(changing);
        }
    }

    [Theory]
    [InlineData("ALTER ROLE CURRENT_USER NOLOGIN")]
    [InlineData("ALTER ROLE CURRENT_USER VALID UNTIL '2000-01-01'")]
    [InlineData("ALTER ROLE CURRENT_USER CONNECTION LIMIT 0")]
    [InlineData("DROP ROLE CURRENT_USER")]
    public async Task A_role_cannot_lock_itself_out(string sql)
    {
        var account = await Service.NewAccountAsync("nologin");
        Assert.False((await Service.TryQueryAsync(account, sql)).Status == 200);
        await Service.CloseLanesAsync(account);
        Assert.Equal(1, (await Service.ScalarAsync(account, "SELECT 1")).GetInt32());
    }

    [Fact]
    public async Task A_database_that_an_older_version_closed_is_brought_up_to_date_when_it_is_opened()
    {
        var account = await Service.NewAccountAsync("older");
        await Service.QueryAsync(account, "CREATE TABLE item AS SELECT 1 AS id");
        var version = await Service.SuperuserScalarAsync<int>(account, "SELECT isolation_version FROM _kataven.identity");
        await Service.SuperuserAsync(account, """
            UPDATE _kataven.identity SET isolation_version = 0;
            ALTER EXTENSION plpgsql DROP EVENT TRIGGER _kataven_end;
            DROP EVENT TRIGGER _kataven_end;
            GRANT SELECT ON pg_database TO PUBLIC;
            """);
        await Service.CloseLanesAsync(account);

        Assert.Equal(1, (await Service.ScalarAsync(account, "SELECT id FROM item")).GetInt32());
        Assert.Equal(version, await Service.SuperuserScalarAsync<int>(account, "SELECT isolation_version FROM _kataven.identity"));
        Assert.Equal(2, await Service.SuperuserScalarAsync<long>(account, "SELECT count(*) FROM pg_event_trigger WHERE evtname LIKE '\\_kataven\\_%'"));
        Assert.Equal("42501", (await Service.TryQueryAsync(account, "SELECT datname FROM pg_database")).SqlState);
    }

    [Fact]
    public async Task An_account_to_which_another_granted_things_can_be_deleted_and_made_anew()
    {
        var (hostile, victim) = (await Service.NewAccountAsync("granter"), await Service.NewAccountAsync("granted"));
        var role = await Service.RoleOfAsync(victim);
        foreach (var sql in (string[])
        [
            "CREATE TABLE item (id int)", $"GRANT ALL ON item TO \"{role}\"", $"ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO \"{role}\"",
            $"CREATE POLICY p ON item TO \"{role}\" USING (true)", $"GRANT USAGE ON SCHEMA public TO \"{role}\"",
        ])
        {
            await Service.QueryAsync(hostile, sql);
        }

        // DROP DATABASE waits for every backend of the server, also for one that a test beside this one keeps from listening.
        await Eventually.Async(
            async () => (await Service.AdminClient().CallAsync(HttpMethod.Delete, $"/api/admin/accounts/{victim}?confirm={victim}&backup=false")).Status is 200 or 204 or 404,
            TimeSpan.FromMinutes(2),
            "the account is deleted");
        Assert.Equal(0, await Service.SystemScalarAsync<long>("SELECT count(*) FROM pg_roles WHERE rolname = $1", role));
        Assert.Equal(1, (await Service.ScalarAsync(hostile, "SELECT 1")).GetInt32());
    }

    [Fact]
    public async Task An_account_to_which_another_is_granting_things_can_be_deleted()
    {
        var (hostile, victim) = (await Service.NewAccountAsync("granter", new AccountLimits { StatementTimeoutMs = 600_000 }), await Service.NewAccountAsync("granted"));
        var role = await Service.RoleOfAsync(victim);
        await Service.QueryAsync(hostile, "CREATE TABLE item (id int)");
        await Service.QueryAsync(hostile, "CREATE TABLE another (id int)");
        await Service.QueryAsync(hostile, $"GRANT SELECT ON item TO \"{role}\"");
        // The one changes a grant that is there, the other is the first of its table.
        var granting = ((string[])["item", "another"])
            .Select(table => Service.TryQueryAsync(hostile, $"DO $do$ BEGIN EXECUTE 'GRANT ALL ON {table} TO \"{role}\"'; PERFORM pg_sleep(500); END $do$"))
            .ToArray();
        await Eventually.Async(
            async () => await Service.SystemScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND backend_xid IS NOT NULL", hostile) == 2,
            TimeSpan.FromSeconds(20),
            "both grants are under way");

        // DROP DATABASE waits for every backend of the server, also for one that a test beside this one keeps from listening.
        await Eventually.Async(
            async () => (await Service.AdminClient().CallAsync(HttpMethod.Delete, $"/api/admin/accounts/{victim}?confirm={victim}&backup=false")).Status is 200 or 204 or 404,
            TimeSpan.FromMinutes(2),
            "the account is deleted");
        Assert.Equal(0, await Service.SystemScalarAsync<long>("SELECT count(*) FROM pg_roles WHERE rolname = $1", role));
        Assert.All(await Task.WhenAll(granting), reply => Assert.NotEqual(200, reply.Status));
        Assert.Equal(1, (await Service.ScalarAsync(hostile, "SELECT 1")).GetInt32());
    }
}
