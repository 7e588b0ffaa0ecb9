using System.Text.Json;
using Kataven.Isolation.Tests.Servers;
using Kataven.Testing.Service;

namespace Kataven.Isolation.Tests.Databases;

/// <summary>Whatever somebody with more rights breaks of an account's isolation is told by its report, and mended by its repair.</summary>
public abstract class ReportSuite(ArenaService service) : ServerSuite(service)
{
    /// <summary>Finding, database to break it in (the account's own where it is empty), statements; <c>$db</c>, <c>$role</c> and <c>$other</c> are filled in.</summary>
    public static TheoryData<string, string, string> Breaches => new()
    {
        { "role_attributes", "postgres", "ALTER ROLE $role CREATEDB" },
        { "role_attributes", "postgres", "ALTER ROLE $role SUPERUSER CREATEROLE REPLICATION BYPASSRLS" },
        { "role_attributes", "postgres", "ALTER ROLE $role INHERIT" },
        { "role_attributes", "postgres", "ALTER ROLE $role NOLOGIN" },
        { "role_attributes", "postgres", "ALTER ROLE $role VALID UNTIL '2000-01-01'" },
        { "role_connections", "postgres", "ALTER ROLE $role CONNECTION LIMIT -1" },
        { "role_connections", "postgres", "ALTER ROLE $role CONNECTION LIMIT 0" },
        { "role_memberships", "postgres", "GRANT pg_read_all_data, pg_monitor TO $role" },
        { "role_memberships", "postgres", "GRANT $other TO $role WITH ADMIN OPTION" },
        { "role_members", "postgres", "GRANT $role TO $other" },
        { "role_settings", "postgres", "ALTER ROLE $role SET temp_file_limit = -1" },
        { "role_settings", "postgres", "ALTER ROLE $role RESET log_min_messages" },
        { "role_settings", "postgres", "ALTER ROLE $role RESET ALL" },
        { "role_settings", "postgres", "ALTER ROLE $role IN DATABASE $db SET temp_file_limit = '100GB'" },
        { "database_owner", "postgres", "ALTER DATABASE $db OWNER TO $role" },
        { "database_owner", "postgres", "ALTER DATABASE $db OWNER TO pg_monitor" },
        { "database_public", "postgres", "GRANT CONNECT ON DATABASE $db TO PUBLIC" },
        { "database_others", "postgres", "GRANT CONNECT ON DATABASE $db TO $other" },
        { "database_grants", "postgres", "GRANT CONNECT ON DATABASE $db TO $role WITH GRANT OPTION" },
        { "database_grants", "postgres", "REVOKE CONNECT ON DATABASE $db FROM $role" },
        { "database_template", "postgres", "ALTER DATABASE $db IS_TEMPLATE true" },
        { "isolation_version", "", "UPDATE _kataven.identity SET isolation_version = 1" },
        { "isolation_version", "", "UPDATE _kataven.identity SET server_major = 9" },
        { "stamp_rights", "", "GRANT UPDATE ON _kataven.identity TO $role" },
        { "stamp_rights", "", "GRANT DELETE ON _kataven.identity TO PUBLIC" },
        { "stamp_rights", "", "GRANT CREATE ON SCHEMA _kataven TO $role" },
        { "stamp_rights", "", "GRANT UPDATE (account_uid) ON _kataven.identity TO $role" },
        { "stamp_rights", "", "GRANT INSERT ON _kataven.migration TO $role" },
        { "stamp_rights", "", "GRANT TRIGGER ON _kataven.idempotency TO $role" },
        { "stamp_rights", "", "GRANT INSERT ON _kataven.idempotency TO $role WITH GRANT OPTION" },
        { "catalog_privileges", "", "GRANT SELECT ON pg_database TO PUBLIC" },
        { "catalog_privileges", "", "GRANT SELECT ON pg_stat_activity TO $role" },
        { "catalog_privileges", "", "GRANT SELECT (rolname) ON pg_authid TO PUBLIC" },
        { "catalog_privileges", "", "GRANT EXECUTE ON FUNCTION pg_advisory_lock(bigint) TO PUBLIC" },
        { "catalog_privileges", "", "GRANT EXECUTE ON FUNCTION pg_terminate_backend(int, bigint) TO $role" },
        { "catalog_privileges", "", "GRANT EXECUTE ON FUNCTION lo_create_unlimited(oid) TO PUBLIC" },
        { "catalog_views", "", "ALTER VIEW pg_roles RESET (security_barrier)" },
        { "catalog_views", "", "SET allow_system_table_mods = on; DO $$ BEGIN EXECUTE 'CREATE OR REPLACE VIEW pg_catalog.pg_user AS ' || replace(pg_get_viewdef('pg_user'::regclass), 'tenant_filter', 'no_filter'); END $$" },
        { "catalog_views", "", "SET allow_system_table_mods = on; DO $$ BEGIN EXECUTE 'CREATE OR REPLACE VIEW pg_catalog.pg_roles WITH (security_barrier) AS ' || replace(pg_get_viewdef('pg_roles'::regclass), '16384', '99999999'); END $$" },
        { "foreign_rights", "", "CREATE FUNCTION public.su() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'" },
        { "foreign_rights", "", "CREATE VIEW public.v AS SELECT 1 AS a; GRANT SELECT ON public.v TO $role" },
        { "large_objects", "", "DROP FUNCTION lo_create(oid); SET allow_system_table_mods = on; ALTER FUNCTION lo_create_unlimited(oid) RENAME TO lo_create" },
        { "guard_triggers", "", "ALTER EXTENSION plpgsql DROP EVENT TRIGGER _kataven_end; DROP EVENT TRIGGER _kataven_end" },
        { "guard_triggers", "", "ALTER EVENT TRIGGER _kataven_start DISABLE" },
        { "guard_triggers", "", "CREATE OR REPLACE FUNCTION _kataven.ddl_end() RETURNS event_trigger LANGUAGE plpgsql AS 'begin end'" },
        { "event_triggers", "", "CREATE FUNCTION traced() RETURNS event_trigger LANGUAGE plpgsql AS 'begin end'; CREATE EVENT TRIGGER traced ON ddl_command_start EXECUTE FUNCTION traced()" },
        { "password", "system", "UPDATE kataven.credentials SET password = 'v1:nothing' WHERE account_id = '$slug'" },
    };

    [Theory]
    [MemberData(nameof(Breaches))]
    public async Task A_breach_is_found_and_repaired(string finding, string database, string statements)
    {
        // One for all of them: each finds it sound, and leaves it so.
        var account = await Service.AccountOfAsync("breached");
        await AssertSoundAsync(account);
        var stored = await Service.SystemScalarAsync<string>("SELECT password FROM kataven.credentials WHERE account_id = $1", account);
        var other = await Service.RoleOfAsync(Service.Arena.Hostile);
        var filled = statements
            .Replace("$db", $"\"{account}\"", StringComparison.Ordinal).Replace("$slug", account, StringComparison.Ordinal)
            .Replace("$role", await Service.RoleOfAsync(account), StringComparison.Ordinal).Replace("$other", other, StringComparison.Ordinal);
        await Service.SuperuserAsync(database.Length == 0 ? account : database, filled);

        var broken = await ReportAsync(account);
        Assert.False(broken.GetProperty("sound").GetBoolean());
        Assert.Contains(finding, NotOk(broken));
        if (finding == "password")
        {
            // What cannot be read cannot be put right by itself.
            await Service.SuperuserAsync("system", $"UPDATE kataven.credentials SET password = '{stored}' WHERE account_id = '{account}'");
        }

        var repaired = await Service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/isolation/repair");
        Assert.True(repaired.Status == 200, repaired.ToString());
        Assert.Equal([], NotOk(repaired.Json));
        await AssertSoundAsync(account);
        Assert.Equal(1, (await Service.ScalarAsync(account, "SELECT 1")).GetInt32());
        await Service.Arena.AssertHostileIsServedAsync();
    }

    [Fact]
    public async Task A_stamp_of_another_id_is_found_and_left_to_whoever_operates_the_service()
    {
        var account = await Service.NewAccountAsync("breach");
        await Service.SuperuserAsync(account, "UPDATE _kataven.identity SET account_uid = gen_random_uuid()");

        Assert.Equal(["stamp"], NotOk(await ReportAsync(account)));
        var repaired = await Service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/isolation/repair");
        Assert.Equal("isolation_violation", repaired.Code);
    }

    [Theory]
    [InlineData("CREATE SERVER elsewhere FOREIGN DATA WRAPPER nothing")]
    [InlineData("CREATE PUBLICATION told")]
    [InlineData("CREATE FUNCTION public.raw(cstring) RETURNS int LANGUAGE internal AS 'int4in'")]
    public async Task What_reaches_beyond_the_database_is_found(string sql)
    {
        var account = await Service.NewAccountAsync("beyond");
        await Service.SuperuserAsync(account, "CREATE FOREIGN DATA WRAPPER nothing");
        await Service.SuperuserAsync(account, sql);

        Assert.Contains("beyond_the_database", NotOk(await ReportAsync(account)));
    }

    [Fact]
    public async Task The_event_trigger_of_an_adopted_database_runs_nothing_with_the_rights_of_the_service()
    {
        var account = await Service.NewHandMadeAsync("traced",
            "CREATE TABLE ran (as_role text); GRANT ALL ON ran TO PUBLIC",
            "CREATE FUNCTION traced() RETURNS event_trigger LANGUAGE plpgsql AS 'begin insert into public.ran values (current_user); end'",
            "CREATE EVENT TRIGGER traced ON ddl_command_start EXECUTE FUNCTION traced()");
        await Service.SuperuserAsync(account, "TRUNCATE ran");

        await Service.QueryAsync(account, "CREATE TABLE mine (id int)");
        var replaced = await Service.TryQueryAsync(account,
            "CREATE OR REPLACE FUNCTION traced() RETURNS event_trigger LANGUAGE plpgsql AS 'begin insert into public.ran values (current_user); end'");
        Assert.Equal("42501", replaced.SqlState);
        var repaired = await Service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/isolation/repair");
        Assert.Equal([], NotOk(repaired.Ok()));
        Assert.Equal(0, await Service.SuperuserScalarAsync<long>(account, "SELECT count(*) FROM ran"));
    }

    [Fact]
    public async Task A_report_of_an_unknown_account_is_not_found() =>
        Assert.Equal("account_not_found", (await Service.AdminClient().CallAsync(HttpMethod.Get, "/api/admin/accounts/nobody-here/isolation")).Code);

    private async Task AssertSoundAsync(string account) => Assert.Equal([], NotOk(await ReportAsync(account)));

    private async Task<JsonElement> ReportAsync(string account) =>
        (await Service.AdminClient().CallAsync(HttpMethod.Get, $"/api/admin/accounts/{account}/isolation")).Ok();

    private static List<string> NotOk(JsonElement report) =>
        [.. report.GetProperty("findings").EnumerateArray().Where(finding => !finding.GetProperty("ok").GetBoolean()).Select(finding => finding.GetProperty("name").GetString()!)];
}
