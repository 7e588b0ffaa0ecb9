using Kataven.Isolation.Tests.Servers;
using Kataven.Testing.Service;

namespace Kataven.Isolation.Tests.Idempotency;

/// <summary>Answers are kept in the account's own database, in its own session: what a hostile account can do to that, it does to itself alone.</summary>
public abstract class KeptAnswerSuite(ArenaService service) : ServerSuite(service, onEach: true)
{
    /// <summary>All that an unqualified name of ours could be taken for: what finds one of them leaves a row in <c>ran</c>.</summary>
    private const string Planted = """
        CREATE TABLE ran (what text);
        CREATE SCHEMA evil;
        CREATE FUNCTION evil.said(text) RETURNS boolean LANGUAGE plpgsql AS 'begin insert into public.ran values ($1); return true; end';
        CREATE FUNCTION evil.same(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT evil.said('=') $$;
        CREATE FUNCTION evil.same(tid, tid) RETURNS boolean LANGUAGE sql AS $$ SELECT evil.said('= tid') $$;
        CREATE FUNCTION evil.earlier(timestamptz, timestamptz) RETURNS boolean LANGUAGE sql AS $$ SELECT evil.said('<') $$;
        CREATE FUNCTION evil.less(timestamptz, interval) RETURNS timestamptz LANGUAGE sql AS $$ SELECT $1 FROM (SELECT evil.said('-')) s $$;
        CREATE FUNCTION evil.part(bigint, bigint) RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint FROM (SELECT evil.said('/')) s $$;
        CREATE OPERATOR evil.= (FUNCTION = evil.same, LEFTARG = text, RIGHTARG = text);
        CREATE OPERATOR evil.= (FUNCTION = evil.same, LEFTARG = tid, RIGHTARG = tid);
        CREATE OPERATOR evil.< (FUNCTION = evil.earlier, LEFTARG = timestamptz, RIGHTARG = timestamptz);
        CREATE OPERATOR evil.>= (FUNCTION = evil.earlier, LEFTARG = timestamptz, RIGHTARG = timestamptz);
        CREATE OPERATOR evil.- (FUNCTION = evil.less, LEFTARG = timestamptz, RIGHTARG = interval);
        CREATE OPERATOR evil./ (FUNCTION = evil.part, LEFTARG = bigint, RIGHTARG = bigint);
        CREATE FUNCTION evil.statement_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT now() FROM (SELECT evil.said('statement_timestamp')) s $$;
        CREATE FUNCTION evil.octet_length(bytea) RETURNS int LANGUAGE sql AS $$ SELECT 1 FROM (SELECT evil.said('octet_length')) s $$;
        CREATE FUNCTION evil.make_interval(secs double precision) RETURNS interval LANGUAGE sql AS $$ SELECT interval '0' FROM (SELECT evil.said('make_interval')) s $$;
        CREATE TYPE evil.int8 AS ENUM ('no');
        CREATE TYPE evil.text AS ENUM ('no');
        """;

    [Theory]
    [InlineData("CREATE TRIGGER t BEFORE INSERT ON _kataven.idempotency FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()", "42501")]
    [InlineData("CREATE RULE r AS ON INSERT TO _kataven.idempotency DO ALSO SELECT 1", "42501")]
    [InlineData("CREATE POLICY p ON _kataven.idempotency", "42501")]
    [InlineData("ALTER TABLE _kataven.idempotency ADD x int", "42501")]
    [InlineData("ALTER TABLE _kataven.idempotency ENABLE ROW LEVEL SECURITY", "42501")]
    [InlineData("ALTER TABLE _kataven.idempotency ALTER answer SET DEFAULT 'x'", "42501")]
    [InlineData("CREATE INDEX ON _kataven.idempotency (answer)", "42501")]
    [InlineData("CREATE STATISTICS s ON key, answer FROM _kataven.idempotency", "42501")]
    [InlineData("CREATE TABLE public.child () INHERITS (_kataven.idempotency)", "42501")]
    [InlineData("CREATE TABLE public.child (key text REFERENCES _kataven.idempotency)", "42501")]
    [InlineData("TRUNCATE _kataven.idempotency", "42501")]
    [InlineData("DROP TABLE _kataven.idempotency", "42501")]
    [InlineData("COMMENT ON TABLE _kataven.idempotency IS 'mine'", "42501")]
    public async Task Nothing_of_the_accounts_can_hang_on_to_them(string sql, string state)
    {
        var account = await Service.AccountOfAsync("hangers");
        Assert.Equal(state, (await Service.TryQueryAsync(account, sql)).SqlState);
    }

    [Theory]
    [InlineData("SET LOCAL search_path = evil, public, pg_catalog")]
    [InlineData("SET LOCAL ROLE NONE")]
    [InlineData("SET LOCAL client_encoding = 'SJIS'")]
    [InlineData("SET LOCAL bytea_output = 'escape'")]
    [InlineData("SET LOCAL standard_conforming_strings = off")]
    [InlineData("SET LOCAL DateStyle = 'German'")]
    [InlineData("SET LOCAL row_security = off")]
    [InlineData("SET LOCAL enable_tidscan = off")]
    [InlineData("CREATE TEMP TABLE idempotency (key text, request bytea, answer bytea, created_at timestamptz)")]
    [InlineData("SELECT set_config('search_path', 'evil, pg_temp', true)")]
    public async Task Whatever_a_transaction_does_to_its_session_the_answer_is_kept(string sql)
    {
        var account = await PlantedAsync();
        var key = Guid.NewGuid().ToString();

        var first = await TransactionAsync(account, key, sql, "SELECT 7 AS n");
        var second = await TransactionAsync(account, key, sql, "SELECT 7 AS n");

        Assert.True(first.Status == 200, first.ToString());
        Assert.Equal((first.Text, true), (second.Text, second.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal(0, (await Service.ScalarAsync(account, "SELECT count(*)::int FROM public.ran")).GetInt32());
    }

    [Fact]
    public async Task A_role_that_looks_names_up_in_its_own_schema_first_gets_the_same()
    {
        var account = await PlantedAsync();
        await Service.QueryAsync(account, "ALTER ROLE CURRENT_USER SET search_path = evil, public, pg_catalog");
        await Service.QueryAsync(account, "ALTER ROLE CURRENT_USER SET default_transaction_isolation = serializable");
        await Service.CloseLanesAsync(account);
        var key = Guid.NewGuid().ToString();

        Assert.Equal("evil, public, pg_catalog", (await QueryAsync(account, key, "SHOW search_path")).Ok().GetProperty("rows")[0][0].GetString());
        Assert.True((await QueryAsync(account, key, "SHOW search_path")).Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("idempotency_conflict", (await QueryAsync(account, key, "SELECT 2")).Code);
        Assert.Equal(0, (await Service.ScalarAsync(account, "SELECT pg_catalog.count(*)::pg_catalog.int4 FROM public.ran")).GetInt32());
    }

    [Theory]
    [InlineData("DELETE FROM _kataven.idempotency")]
    [InlineData("UPDATE _kataven.idempotency SET key = 'other'")]
    [InlineData("UPDATE _kataven.idempotency SET answer = 'x'")]
    public async Task A_transaction_that_removes_its_own_row_is_undone(string sql)
    {
        var account = await Service.NewAccountAsync("removes");
        await Service.QueryAsync(account, "CREATE TABLE item (id int)");

        var reply = await TransactionAsync(account, "k", "INSERT INTO item VALUES (1)", sql);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
        Assert.Equal(0, (await Service.ScalarAsync(account, "SELECT count(*)::int FROM item")).GetInt32());
    }

    [Fact]
    public async Task A_transaction_that_makes_itself_read_only_fails_whole()
    {
        var account = await Service.NewAccountAsync("readonly");
        await Service.QueryAsync(account, "CREATE TABLE item (id int)");

        Assert.Equal("25006", (await TransactionAsync(account, "k", "INSERT INTO item VALUES (1)", "SET TRANSACTION READ ONLY")).SqlState);
        Assert.Equal(0, (await Service.ScalarAsync(account, "SELECT count(*)::int FROM item")).GetInt32());
    }

    [Fact]
    public async Task What_an_account_does_to_its_answers_it_does_to_itself()
    {
        var account = await Service.NewAccountAsync("tampers");
        await Service.QueryAsync(account, "CREATE TABLE item (id int)");
        (await QueryAsync(account, "k", "INSERT INTO item VALUES (1)")).Ok();
        await Service.QueryAsync(account, "UPDATE _kataven.idempotency SET answer = NULL");
        Assert.False((await QueryAsync(account, "k", "INSERT INTO item VALUES (1)")).Headers.Contains("Idempotency-Replayed"));
        await Service.QueryAsync(account, "DELETE FROM _kataven.idempotency");
        Assert.False((await QueryAsync(account, "k", "INSERT INTO item VALUES (1)")).Headers.Contains("Idempotency-Replayed"));
        await Service.QueryAsync(account, "INSERT INTO _kataven.idempotency SELECT 'junk' || n, '', '', 'infinity' FROM generate_series(1, 5000) n");
        await Service.CloseLanesAsync(account);
        Assert.True((await QueryAsync(account, "k", "INSERT INTO item VALUES (1)")).Headers.Contains("Idempotency-Replayed"));
        (await QueryAsync(account, "l", "INSERT INTO item VALUES (1)")).Ok();
        await Service.Arena.AssertVictimIsServedAsync();
    }

    [Fact]
    public async Task An_account_that_a_version_before_the_table_closed_gets_it_at_its_next_use()
    {
        var account = await Service.NewAccountAsync("before");
        await Service.QueryAsync(account, "CREATE TABLE item (id int)");
        await Service.SuperuserAsync(account, "ALTER EXTENSION plpgsql DROP TABLE _kataven.idempotency; DROP TABLE _kataven.idempotency; UPDATE _kataven.identity SET isolation_version = 5");
        await Service.CloseLanesAsync(account);

        (await QueryAsync(account, "k", "INSERT INTO item VALUES (1)")).Ok();

        Assert.True((await QueryAsync(account, "k", "INSERT INTO item VALUES (1)")).Headers.Contains("Idempotency-Replayed"));
        Assert.True((await Service.AdminClient().CallAsync(HttpMethod.Get, $"/api/admin/accounts/{account}/isolation")).Ok().GetProperty("sound").GetBoolean());
        Assert.Equal(1, await Service.SuperuserScalarAsync<long>(
            account, "SELECT count(*) FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = '_kataven.idempotency'::regclass AND deptype = 'e'"));
    }

    [Fact]
    public async Task Putting_a_database_in_order_waits_for_no_lock_of_the_accounts_and_loses_no_answer()
    {
        var account = await Service.NewAccountAsync("repaired");
        await Service.QueryAsync(account, "CREATE TABLE item (id int)");
        (await QueryAsync(account, "k", "INSERT INTO item VALUES (1)")).Ok();
        await using var writer = await Service.OpenInAsync(account);
        await using var command = new Npgsql.NpgsqlCommand($"BEGIN; SET LOCAL ROLE \"{await Service.RoleOfAsync(account)}\"; LOCK TABLE _kataven.idempotency IN ACCESS EXCLUSIVE MODE", writer);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        (await Service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/isolation/repair")).Ok();
        await writer.CloseAsync();

        Assert.True((await QueryAsync(account, "k", "INSERT INTO item VALUES (1)")).Headers.Contains("Idempotency-Replayed"));
    }

    private async Task<string> PlantedAsync()
    {
        var account = await Service.NewAccountAsync("planted");
        foreach (var statement in Planted.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await Service.QueryAsync(account, statement);
        }

        return account;
    }

    private Task<Reply> QueryAsync(string account, string key, string sql) =>
        Service.Client(account).CallAsync(HttpMethod.Post, "/api/query", new { sql }, ("Idempotency-Key", key));

    private Task<Reply> TransactionAsync(string account, string key, params string[] statements) => Service.Client(account).CallAsync(
        HttpMethod.Post, "/api/transaction", new { statements = statements.Select(sql => new { sql }) }, ("Idempotency-Key", key));
}
