using Kataven.Isolation.Tests.Servers;
using Kataven.Testing.Service;
using Npgsql;

namespace Kataven.Isolation.Tests.Databases;

/// <summary>A database that was there before keeps its data, and ends as closed as one that the service made.</summary>
public abstract class AdoptionSuite(ArenaService service) : ServerSuite(service, onEach: true)
{
    /// <summary>An object of every kind that has an owner; half of them another role's.</summary>
    private static readonly string[] Objects =
    [
        "CREATE TABLE item (id int PRIMARY KEY, name text); INSERT INTO item VALUES (1, 'kept')",
        "CREATE SCHEMA \"Odd schema\"; CREATE TABLE \"Odd schema\".\"T\" (\"A\" int GENERATED ALWAYS AS IDENTITY, b serial)",
        "CREATE TABLE part (a int) PARTITION BY RANGE (a); CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (1) TO (10)",
        "CREATE UNLOGGED TABLE fast (a int)",
        "CREATE VIEW item_view AS SELECT * FROM item",
        "CREATE MATERIALIZED VIEW item_copy AS SELECT * FROM item",
        "CREATE SEQUENCE counter START 5",
        "CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2'",
        "CREATE PROCEDURE nothing() LANGUAGE plpgsql AS 'begin end'",
        "CREATE AGGREGATE largest (int) (SFUNC = int4larger, STYPE = int)",
        "CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TYPE pair AS (a int, b int); CREATE TYPE span AS RANGE (SUBTYPE = int)",
        "CREATE DOMAIN small AS int CHECK (VALUE < 10)",
        "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end'; CREATE TRIGGER stamp BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION stamp()",
        "CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int)",
        "CREATE COLLATION plain (LOCALE = 'C')",
        "CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple); CREATE TEXT SEARCH CONFIGURATION search (COPY = simple)",
        "CREATE STATISTICS item_statistics ON id, name FROM item",
        "CREATE EXTENSION IF NOT EXISTS citext",
        "SELECT lo_from_bytea(4711, 'large')",
        "ALTER TABLE item ENABLE ROW LEVEL SECURITY; CREATE POLICY all_rows ON item USING (true)",
        "GRANT ALL ON item TO PUBLIC; GRANT CREATE ON SCHEMA public TO PUBLIC",
    ];

    private const string NotHandedOver = """
        SELECT coalesce(string_agg(what, ', '), '') FROM (
            SELECT format('%s of %s', pg_describe_object(d.classid, d.objid, 0), r.rolname) AS what
              FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid
             WHERE d.deptype = 'o' AND d.classid <> 'pg_extension'::regclass AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND r.rolname <> $role
               AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e')
            UNION ALL
            SELECT c.oid::regclass::text FROM pg_class c
             WHERE c.oid >= 16384 AND c.relnamespace IN ('public'::regnamespace, '"Odd schema"'::regnamespace) AND c.relowner <> $role::regrole
            UNION ALL
            SELECT p.oid::regprocedure::text FROM pg_proc p
             WHERE p.oid >= 16384 AND p.pronamespace = 'public'::regnamespace AND p.proowner <> $role::regrole
               AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
            UNION ALL
            SELECT t.oid::regtype::text FROM pg_type t
             WHERE t.oid >= 16384 AND t.typnamespace = 'public'::regnamespace AND t.typowner <> $role::regrole
               AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass AND e.objid IN (t.oid, t.typelem) AND e.deptype = 'e')
            UNION ALL
            SELECT n.nspname FROM pg_namespace n WHERE n.nspname IN ('public', 'Odd schema') AND n.nspowner <> $role::regrole
            UNION ALL
            SELECT 'large object ' || l.oid FROM pg_largeobject_metadata l WHERE l.lomowner <> $role::regrole
            UNION ALL
            SELECT s.stxname FROM pg_statistic_ext s WHERE s.stxowner <> $role::regrole
            UNION ALL
            SELECT c.collname FROM pg_collation c WHERE c.oid >= 16384 AND c.collowner <> $role::regrole
            UNION ALL
            SELECT c.cfgname FROM pg_ts_config c WHERE c.oid >= 16384 AND c.cfgowner <> $role::regrole
            UNION ALL
            SELECT c.dictname FROM pg_ts_dict c WHERE c.oid >= 16384 AND c.dictowner <> $role::regrole
            UNION ALL
            SELECT o.oprname FROM pg_operator o WHERE o.oid >= 16384 AND o.oprnamespace = 'public'::regnamespace AND o.oprowner <> $role::regrole
               AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_operator'::regclass AND e.objid = o.oid AND e.deptype = 'e')) x
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_is_in_an_adopted_database_is_the_accounts_and_its_data_is_kept(bool isAnothers)
    {
        var former = "former_" + Guid.NewGuid().ToString("N");
        await Service.SuperuserAsync("postgres", $"CREATE ROLE {former} SUPERUSER");
        string[] whose = isAnothers ? [$"SET ROLE {former};"] : [""];
        var account = await Service.NewHandMadeAsync("adopted", [.. Objects.Select(sql => whose[0] + sql)]);

        Assert.Equal("kept", (await Service.ScalarAsync(account, "SELECT name FROM item WHERE id = 1")).GetString());
        var role = await Service.RoleOfAsync(account);
        Assert.Equal("", await Service.SuperuserScalarAsync<string>(account, NotHandedOver.Replace("$role", $"'{role}'", StringComparison.Ordinal)));
        foreach (var sql in (string[])
        [
            "ALTER TABLE item ADD COLUMN more int", "REFRESH MATERIALIZED VIEW item_copy", "SELECT nextval('counter')", "SELECT twice(2)", "CALL nothing()",
            "ALTER TYPE mood ADD VALUE 'calm'", "INSERT INTO \"Odd schema\".\"T\" DEFAULT VALUES", "SELECT lo_get(4711)", "SELECT 'a'::citext = 'A'::citext",
            "DROP POLICY all_rows ON item", "DROP STATISTICS item_statistics", "DROP TABLE part", "DROP SCHEMA \"Odd schema\" CASCADE",
        ])
        {
            var reply = await Service.TryQueryAsync(account, sql);
            Assert.True(reply.Status == 200, $"{sql}: {reply}");
        }
    }

    [Fact]
    public async Task An_adopted_database_is_as_closed_as_one_that_the_service_made()
    {
        var account = await Service.NewHandMadeAsync("closed", "CREATE TABLE item (id int)");
        await Service.QueryAsync(account, "SELECT 1");

        var report = await Service.AdminClient().CallAsync(HttpMethod.Get, $"/api/admin/accounts/{account}/isolation");
        Assert.All(report.Ok().GetProperty("findings").EnumerateArray(), finding => Assert.True(finding.GetProperty("ok").GetBoolean(), finding.ToString()));
        var other = await Service.LoginOfAsync(Service.Arena.Hostile);
        other.Database = account;
        await using var connection = new NpgsqlConnection(other.ConnectionString);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Equal("42501", refused.SqlState);
        Assert.Equal("42501", (await Service.TryQueryAsync(account, "SELECT datname FROM pg_database")).SqlState);
        Assert.Equal("42501", (await Service.TryQueryAsync(account, "CREATE PUBLICATION p")).SqlState);
    }

    [Theory]
    [InlineData("template0")]
    [InlineData("template1")]
    [InlineData("postgres")]
    [InlineData("system")]
    [InlineData("nobody")]
    public async Task A_database_that_is_no_accounts_has_no_report(string name)
    {
        var reply = await Service.AdminClient().CallAsync(HttpMethod.Get, $"/api/admin/accounts/{name}/isolation");
        Assert.Equal((404, "account_not_found"), (reply.Status, reply.Code));
    }
}
