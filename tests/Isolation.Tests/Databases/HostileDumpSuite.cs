using Kataven.Isolation.Tests.Servers;
using Kataven.Testing.Service;

namespace Kataven.Isolation.Tests.Databases;

/// <summary>What a dump may bring that a superuser restored: all of it is a superuser's, and the account that adopts it gains nothing by that.</summary>
public abstract class HostileDumpSuite(ArenaService service) : ServerSuite(service)
{
    private const string Stamp = "CREATE SCHEMA _kataven; CREATE TABLE _kataven.identity (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), "
        + "account_uid uuid NOT NULL, isolation_version integer NOT NULL, server_major integer NOT NULL);";

    private const string History = "CREATE TABLE _kataven.migration (version integer PRIMARY KEY, description text NOT NULL, checksum text NOT NULL, state text NOT NULL, xid xid8, "
        + "statements_done integer NOT NULL, invalid_before oid[], started_at timestamptz NOT NULL, applied_at timestamptz, duration_ms bigint, applied_by uuid);";

    private const string Answers = "CREATE TABLE _kataven.idempotency (key text COLLATE \"C\" PRIMARY KEY, request bytea NOT NULL, answer bytea, created_at timestamptz NOT NULL);";

    private const string Trap = "CREATE TABLE public.ran (who text); CREATE FUNCTION public.trap() RETURNS boolean LANGUAGE plpgsql AS "
        + "'begin insert into public.ran values (current_user); return true; end';";

    private const string Secret = "SELECT string_agg(rolpassword, '','') FROM pg_catalog.pg_authid";

    [Theory]
    [InlineData("CREATE FUNCTION public.fired() RETURNS trigger LANGUAGE plpgsql AS 'begin perform public.trap(); return new; end'; CREATE TRIGGER trap BEFORE INSERT OR UPDATE ON _kataven.identity FOR EACH ROW EXECUTE FUNCTION public.fired()")]
    [InlineData("CREATE FUNCTION _kataven.fired() RETURNS trigger LANGUAGE plpgsql AS 'begin perform public.trap(); return new; end'; CREATE TRIGGER trap BEFORE INSERT ON _kataven.identity FOR EACH ROW EXECUTE FUNCTION _kataven.fired()")]
    [InlineData("ALTER TABLE _kataven.identity ALTER only_row SET DEFAULT public.trap()")]
    [InlineData("ALTER TABLE _kataven.identity ADD more boolean DEFAULT public.trap()")]
    [InlineData("ALTER TABLE _kataven.identity ADD CHECK (public.trap())")]
    [InlineData("CREATE FUNCTION public.still(uuid) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'begin return true; end'; CREATE INDEX ON _kataven.identity (public.still(account_uid))")]
    [InlineData("CREATE TABLE public.child () INHERITS (_kataven.identity)")]
    [InlineData("CREATE FUNCTION _kataven.su(q text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS 'declare r text; begin execute q into r; return r; end'")]
    [InlineData("CREATE VIEW _kataven.v AS SELECT * FROM pg_catalog.pg_authid")]
    [InlineData("CREATE VIEW _kataven.migration AS SELECT public.trap() AS version")]
    [InlineData(History + "ALTER TABLE _kataven.migration ALTER state SET DEFAULT public.trap()::text")]
    [InlineData(History + "ALTER TABLE _kataven.migration ADD CHECK (public.trap())")]
    [InlineData(History + "CREATE RULE trap AS ON INSERT TO _kataven.migration DO ALSO SELECT public.trap()")]
    [InlineData(History + "ALTER TABLE _kataven.migration ALTER state TYPE varchar(9)")]
    [InlineData(History + "CREATE FUNCTION public.fired() RETURNS trigger LANGUAGE plpgsql AS 'begin perform public.trap(); return new; end'; CREATE TRIGGER trap BEFORE INSERT OR UPDATE ON _kataven.migration FOR EACH ROW EXECUTE FUNCTION public.fired()")]
    [InlineData("CREATE VIEW _kataven.idempotency AS SELECT public.trap() AS key")]
    [InlineData(Answers + "ALTER TABLE _kataven.idempotency ALTER answer SET DEFAULT public.trap()::text::bytea")]
    [InlineData(Answers + "ALTER TABLE _kataven.idempotency ADD CHECK (public.trap())")]
    [InlineData(Answers + "ALTER TABLE _kataven.idempotency ALTER key TYPE text COLLATE \"POSIX\"")]
    [InlineData(Answers + "CREATE RULE trap AS ON DELETE TO _kataven.idempotency DO ALSO SELECT public.trap()")]
    [InlineData(Answers + "CREATE FUNCTION public.still(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'begin return true; end'; CREATE INDEX idempotency_created_at ON _kataven.idempotency (created_at) WHERE public.still(key)")]
    [InlineData(Answers + "CREATE FUNCTION public.fired() RETURNS trigger LANGUAGE plpgsql AS 'begin perform public.trap(); return new; end'; CREATE TRIGGER trap BEFORE INSERT OR UPDATE OR DELETE ON _kataven.idempotency FOR EACH ROW EXECUTE FUNCTION public.fired()")]
    public async Task A_stamp_that_more_hangs_on_to_than_the_service_made_is_refused(string more)
    {
        var account = await Service.NewHandMadeAsync("dumped", Trap, Stamp, more);

        await AssertRefusedAsync(account);
        Assert.Equal(0, await Service.SuperuserScalarAsync<long>(account, "SELECT count(*) FROM public.ran"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(History)]
    [InlineData(History + Answers)]
    [InlineData(Answers + "CREATE INDEX idempotency_created_at ON _kataven.idempotency (created_at);")]
    public async Task A_stamp_as_the_service_makes_it_is_taken(string history) =>
        await AssertSoundAsync(await Service.NewHandMadeAsync("dumped", Stamp + history));

    [Theory]
    [InlineData("CREATE FUNCTION pg_catalog.format(text, name) RETURNS text LANGUAGE plpgsql AS 'begin perform public.trap(); return $1; end'")]
    [InlineData("CREATE FUNCTION public.same(oid, int) RETURNS boolean LANGUAGE plpgsql AS 'begin return public.trap(); end'; CREATE OPERATOR pg_catalog.= (FUNCTION = public.same, LEFTARG = oid, RIGHTARG = int)")]
    [InlineData("CREATE FUNCTION public.change(name) RETURNS uuid LANGUAGE plpgsql AS 'begin perform public.trap(); return null; end'; CREATE CAST (name AS uuid) WITH FUNCTION public.change(name) AS IMPLICIT")]
    [InlineData("CREATE VIEW information_schema.v AS SELECT * FROM pg_catalog.pg_authid")]
    public async Task Code_where_the_services_own_sessions_would_run_it_is_refused(string planted)
    {
        var account = await Service.NewHandMadeAsync("dumped", Trap, planted);

        await AssertRefusedAsync(account);
        Assert.Equal(0, await Service.SuperuserScalarAsync<long>(account, "SELECT count(*) FROM public.ran"));
    }

    [Theory]
    [InlineData("public.fired", "")]
    [InlineData("_kataven.ddl_start", "CREATE SCHEMA _kataven;")]
    public async Task Event_triggers_that_have_the_names_of_the_guards_run_nothing_and_are_not_taken_for_it(string function, string schema)
    {
        var account = await Service.NewHandMadeAsync("dumped",
            $"{Trap} {schema} CREATE FUNCTION {function}() RETURNS event_trigger LANGUAGE plpgsql AS 'begin perform public.trap(); end'",
            $"CREATE EVENT TRIGGER _kataven_start ON ddl_command_start EXECUTE FUNCTION {function}()",
            $"ALTER EVENT TRIGGER _kataven_start DISABLE; CREATE EVENT TRIGGER _kataven_end ON ddl_command_end EXECUTE FUNCTION {function}()",
            "ALTER EVENT TRIGGER _kataven_end DISABLE; TRUNCATE public.ran; ALTER EVENT TRIGGER _kataven_end ENABLE ALWAYS",
            "ALTER EVENT TRIGGER _kataven_start ENABLE ALWAYS");

        await AssertSoundAsync(account);
        Assert.Equal(0, (await Service.ScalarAsync(account, "SELECT count(*) FROM public.ran")).GetInt32());
        Assert.Equal("42501", (await Service.TryQueryAsync(account, "SELECT datname FROM pg_catalog.pg_database")).SqlState);
        Assert.Equal("42501", (await Service.TryQueryAsync(account, "CREATE PUBLICATION p")).SqlState);
    }

    [Theory]
    [InlineData("CREATE SCHEMA kataven; GRANT USAGE ON SCHEMA kataven TO PUBLIC; CREATE FUNCTION kataven.su() RETURNS text LANGUAGE sql SECURITY DEFINER AS '$secret'", "SELECT kataven.su()")]
    [InlineData("CREATE SCHEMA kataven; GRANT USAGE ON SCHEMA kataven TO PUBLIC; CREATE VIEW kataven.v AS $view; GRANT SELECT ON kataven.v TO PUBLIC", "SELECT * FROM kataven.v")]
    [InlineData("CREATE FUNCTION public.m() RETURNS text LANGUAGE sql SECURITY DEFINER AS '$secret'; ALTER EXTENSION plpgsql ADD FUNCTION public.m()", "SELECT public.m()")]
    [InlineData("CREATE PROCEDURE public.m() LANGUAGE plpgsql SECURITY DEFINER AS 'begin perform 1 from pg_catalog.pg_authid; end'; ALTER EXTENSION plpgsql ADD PROCEDURE public.m()", "CALL public.m()")]
    [InlineData("CREATE EXTENSION citext; CREATE VIEW public.v AS $view; GRANT SELECT ON public.v TO PUBLIC; ALTER EXTENSION citext ADD VIEW public.v", "SELECT * FROM public.v")]
    [InlineData("CREATE MATERIALIZED VIEW public.v AS $view WITH NO DATA; GRANT ALL ON public.v TO PUBLIC; ALTER EXTENSION plpgsql ADD MATERIALIZED VIEW public.v", "REFRESH MATERIALIZED VIEW public.v")]
    [InlineData("CREATE TABLE public.t (a int); CREATE RULE r AS ON INSERT TO public.t DO ALSO SELECT rolpassword FROM pg_catalog.pg_authid; GRANT ALL ON public.t TO PUBLIC; ALTER EXTENSION plpgsql ADD TABLE public.t", "INSERT INTO public.t VALUES (1)")]
    [InlineData("CREATE TABLE public.t (a int); CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'begin perform 1 from pg_catalog.pg_authid; return new; end'; CREATE TRIGGER f BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.f(); ALTER EXTENSION plpgsql ADD FUNCTION public.f()", "INSERT INTO public.t VALUES (1)")]
    public async Task What_a_superuser_made_acts_with_no_more_than_the_accounts_rights(string dump, string attack)
    {
        var account = await Service.NewHandMadeAsync("dumped",
            dump.Replace("$secret", Secret, StringComparison.Ordinal).Replace("$view", "SELECT rolname, rolpassword FROM pg_catalog.pg_authid", StringComparison.Ordinal));

        Assert.Equal("42501", (await Service.TryQueryAsync(account, attack)).SqlState);
        await AssertSoundAsync(account);
    }

    [Theory]
    [InlineData("CREATE FUNCTION public.raw(text) RETURNS text LANGUAGE internal AS 'pg_read_file_all'; GRANT EXECUTE ON FUNCTION public.raw TO PUBLIC", "SELECT public.raw('PG_VERSION')")]
    [InlineData("CREATE EXTENSION citext; CREATE FUNCTION public.raw(text) RETURNS text LANGUAGE internal AS 'pg_read_file_all'; ALTER EXTENSION citext ADD FUNCTION public.raw(text)", "SELECT public.raw('PG_VERSION')")]
    [InlineData("CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER s FOREIGN DATA WRAPPER nothing; GRANT USAGE ON FOREIGN SERVER s TO PUBLIC", "CREATE FOREIGN TABLE public.f (a int) SERVER s")]
    public async Task What_knows_no_rights_is_not_the_accounts_to_use(string dump, string attack)
    {
        var account = await Service.NewHandMadeAsync("dumped", dump);

        Assert.Equal("42501", (await Service.TryQueryAsync(account, attack)).SqlState);
        Assert.DoesNotContain("foreign_rights", await NotOkAsync(account));
    }

    [Fact]
    public async Task A_foreign_table_is_taken_from_the_tables_that_would_read_it()
    {
        var account = await Service.NewHandMadeAsync("dumped",
            "CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER s FOREIGN DATA WRAPPER nothing",
            "CREATE TABLE public.p (a int) PARTITION BY LIST (a); CREATE FOREIGN TABLE public.p1 PARTITION OF public.p DEFAULT SERVER s",
            "CREATE TABLE public.q (a int); CREATE FOREIGN TABLE public.q1 () INHERITS (public.q) SERVER s; GRANT ALL ON public.q1 TO PUBLIC");

        Assert.Equal(0, (await Service.ScalarAsync(account, "SELECT count(*) FROM public.p")).GetInt32());
        Assert.Equal(0, (await Service.ScalarAsync(account, "SELECT count(*) FROM public.q")).GetInt32());
        foreach (var table in (string[])["public.p1", "public.q1"])
        {
            Assert.False((await Service.ScalarAsync(account, $"SELECT has_table_privilege('{table}', 'SELECT, INSERT, UPDATE, DELETE')")).GetBoolean());
        }
    }

    [Theory]
    [InlineData("CREATE INDEX ON public.t (public.mine(a))")]
    [InlineData("CREATE STATISTICS s ON public.mine(a), a FROM public.t")]
    [InlineData("CREATE FUNCTION public.gap(int, int) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT 1.0::float8'; CREATE TYPE public.span AS RANGE (SUBTYPE = int, SUBTYPE_DIFF = public.gap)")]
    public async Task What_autovacuum_would_run_of_the_accounts_is_reported(string sql)
    {
        var account = await Service.NewHandMadeAsync("dumped",
            "CREATE TABLE public.t (a int); CREATE FUNCTION public.mine(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'", sql);

        await Service.QueryAsync(account, "SELECT 1");
        Assert.Equal(["autovacuum_code"], await NotOkAsync(account));
    }

    private async Task AssertRefusedAsync(string account)
    {
        Assert.Equal("isolation_violation", (await Service.TryQueryAsync(account, "SELECT 1")).Code);
        var repaired = await Service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/isolation/repair");
        Assert.Equal("isolation_violation", repaired.Code);
    }

    private async Task AssertSoundAsync(string account)
    {
        await Service.QueryAsync(account, "SELECT 1");
        Assert.Equal([], await NotOkAsync(account));
    }

    private async Task<List<string>> NotOkAsync(string account)
    {
        var report = await Service.AdminClient().CallAsync(HttpMethod.Get, $"/api/admin/accounts/{account}/isolation");
        return [.. report.Ok().GetProperty("findings").EnumerateArray().Where(finding => !finding.GetProperty("ok").GetBoolean()).Select(finding => finding.GetProperty("name").GetString()!)];
    }
}
