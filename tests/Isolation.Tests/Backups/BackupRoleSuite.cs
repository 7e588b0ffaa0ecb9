using Kataven.Grains.Backups;
using Kataven.Isolation.Tests.Servers;
using Kataven.Testing.Service;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kataven.Isolation.Tests.Backups;

/// <summary>The role that dumps reads all of what it was let into, and nothing else; nobody gains anything by it.</summary>
public abstract partial class BackupRoleSuite(ArenaService service) : BackupSuite(service)
{
    private BackupRole Role => Service.Services.GetRequiredService<BackupRole>();

    [Fact]
    public async Task It_is_made_once_whoever_makes_it_and_has_no_more_than_it_needs()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Role.EnsureAsync(Cancellation)));

        var role = Assert.Single(made.Select(one => one!.Value.Role).Distinct());
        Assert.Matches("^kataven_backup_[0-9a-f]{16}$", role);
        Assert.Equal(
            "false false false false true true true 200",
            await Service.SystemScalarAsync<string>(
                "SELECT concat_ws(' ', rolsuper::text, rolcreatedb::text, rolcreaterole::text, rolreplication::text, rolbypassrls::text, rolinherit::text, rolcanlogin::text, rolconnlimit::text) FROM pg_roles WHERE rolname = $1", role));
        Assert.Equal(
            "kataven_backup,pg_read_all_data",
            await Service.SystemScalarAsync<string>("SELECT string_agg(roleid::regrole::text, ',' ORDER BY roleid::regrole::text) FROM pg_auth_members WHERE member = $1::regrole", role));
        Assert.Equal(
            "default_transaction_read_only=on,lo_compat_privileges=on,search_path=pg_catalog",
            await Service.SystemScalarAsync<string>("SELECT string_agg(x, ',' ORDER BY x) FROM pg_db_role_setting, unnest(setconfig) x WHERE setrole = $1::regrole", role));
        Assert.False(await Service.SystemScalarAsync<bool>("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'kataven_backup'"));
    }

    [Fact]
    public async Task It_enters_only_what_it_was_let_into_and_writes_nothing()
    {
        var (account, other) = (await Service.NewAccountAsync("guest"), await Service.NewAccountAsync("guest"));
        await using (var owner = await LogInAsync(account))
        {
            await RunAsync(owner, "CREATE TABLE item AS SELECT 1 AS a; ALTER TABLE item ENABLE ROW LEVEL SECURITY; ALTER TABLE item FORCE ROW LEVEL SECURITY");
        }

        var login = (await Archive.LoginAsync(await CredentialOfAsync(account), account, Cancellation)).Settings;
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var count = new NpgsqlCommand("SELECT count(*) FROM public.item", connection);
        Assert.Equal(1L, await count.ExecuteScalarAsync(Cancellation));
        await RunAsync(connection, "SET default_transaction_read_only = off");
        foreach (var statement in (string[])["INSERT INTO public.item VALUES (2)", "CREATE TABLE public.mine (a int)", "DELETE FROM _kataven.identity"])
        {
            Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => RunAsync(connection, statement))).SqlState);
        }

        login.Database = other;
        await using var refused = new NpgsqlConnection(login.ConnectionString);
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => refused.OpenAsync(Cancellation))).SqlState);
        login.Database = "system";
        await using var system = new NpgsqlConnection(login.ConnectionString);
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => system.OpenAsync(Cancellation))).SqlState);
    }

    [Fact]
    public async Task A_password_that_was_lost_or_a_role_that_was_changed_is_put_right()
    {
        await RequireToolsAsync();
        var (role, _) = (await Role.EnsureAsync(Cancellation))!.Value;
        await Service.SuperuserAsync("system", $"ALTER ROLE {role} PASSWORD 'other' NOBYPASSRLS CONNECTION LIMIT 0; REVOKE pg_read_all_data FROM {role}; GRANT pg_monitor TO {role}; ALTER ROLE {role} SET work_mem = '1MB'");
        var account = await Service.NewAccountAsync("guest");

        await DumpAsync(account);

        await It_is_made_once_whoever_makes_it_and_has_no_more_than_it_needs();
    }

    [Fact]
    public async Task A_database_that_was_closed_before_there_was_such_a_role_is_dumped_too_and_no_dump_has_its_grants()
    {
        await RequireToolsAsync();
        var account = await Service.NewAccountAsync("older");
        await Service.QueryAsync(account, "CREATE TABLE item AS SELECT 7 AS a");
        await Service.SuperuserAsync(account, """
            REVOKE SELECT ON pg_database, pg_subscription, pg_shdescription, pg_shseclabel, pg_db_role_setting, pg_auth_members FROM kataven_backup;
            REVOKE EXECUTE ON FUNCTION pg_export_snapshot() FROM kataven_backup;
            SET allow_system_table_mods = on;
            UPDATE pg_init_privs i SET initprivs = c.relacl FROM pg_class c WHERE i.classoid = 'pg_class'::regclass AND i.objoid = c.oid AND i.objsubid = 0 AND c.relname IN ('pg_database', 'pg_subscription', 'pg_shdescription', 'pg_shseclabel', 'pg_db_role_setting', 'pg_auth_members');
            """);

        await AssertNoGrantsAsync(account);
    }

    [Fact]
    public async Task No_dump_of_a_new_account_has_its_grants_and_the_account_stays_sound()
    {
        await RequireToolsAsync();
        await AssertNoGrantsAsync(await Service.NewAccountAsync("newer"));
    }

    [Fact]
    public async Task An_account_can_do_nothing_with_it()
    {
        await RequireToolsAsync();
        var account = await Service.NewAccountAsync("guest");
        await DumpAsync(account);
        var (role, _) = (await Role.EnsureAsync(Cancellation))!.Value;

        foreach (var statement in (string[])[$"SET ROLE {role}", "SET ROLE kataven_backup", $"ALTER ROLE {role} PASSWORD 'mine'", $"GRANT {role} TO CURRENT_USER", "SELECT pg_export_snapshot()", "SELECT * FROM pg_database"])
        {
            Assert.Equal("42501", (await Service.TryQueryAsync(account, statement)).SqlState);
        }
    }

    private async Task AssertNoGrantsAsync(string account)
    {
        var (name, backup) = await DumpAsync(account);
        var tools = await Service.Services.GetRequiredService<PgTools>().FindAsync(Service.ServerMajor, Cancellation);
        await using var stream = await Store.OpenReadAsync(name, backup.Stored, Cancellation);
        using var content = await ArchiveContent.ReadAsync(tools, stream, new Pace(null, TimeProvider.System), Cancellation);

        Assert.DoesNotContain(content.Entries, entry => entry.Kind == "ACL" && entry.Schema == "pg_catalog");
        // The rights on the database itself are in every dump, and restored only where somebody asks to have the database made.
        var text = DatabaseGrant().Replace(await File.ReadAllTextAsync(content.Head, System.Text.Encoding.Latin1, Cancellation), "");
        Assert.DoesNotContain("kataven_backup", text, StringComparison.Ordinal);
        var report = (await Service.AdminClient().CallAsync(HttpMethod.Get, $"/api/admin/accounts/{account}/isolation")).Ok();
        Assert.True(report.GetProperty("findings").EnumerateArray().All(finding => finding.GetProperty("ok").GetBoolean() || finding.GetProperty("name").GetString() == "password"), report.ToString());
    }

    [System.Text.RegularExpressions.GeneratedRegex("GRANT CONNECT ON DATABASE \"[^\"]+\" TO kataven_backup_[0-9a-f]{16};")]
    private static partial System.Text.RegularExpressions.Regex DatabaseGrant();
}
