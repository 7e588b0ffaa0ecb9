using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Tenants;

/// <summary>What an account that attacks nobody may do is not in the way of its isolation.</summary>
public abstract class HonestSuite(ArenaService service) : ServerSuite(service)
{
    public static TheoryData<string, string> Work => new()
    {
        { "tables", "CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b text UNIQUE, c int CHECK (c > 0), d timestamptz DEFAULT now()); CREATE TABLE e (a bigint REFERENCES a ON DELETE CASCADE); INSERT INTO a (b, c) VALUES ('x', 1); ALTER TABLE a ADD COLUMN f jsonb; ALTER TABLE a ALTER COLUMN c TYPE bigint; TRUNCATE a CASCADE; DROP TABLE e" },
        { "indexes", "CREATE TABLE a (b text, c int, d jsonb, e tsvector, f int4range); CREATE INDEX ON a (lower(b)); CREATE UNIQUE INDEX ON a (c) WHERE c > 5; CREATE INDEX ON a USING gin (d); CREATE INDEX ON a USING gin (e); CREATE INDEX ON a USING gist (f); CREATE INDEX ON a USING hash (b); CREATE INDEX ON a USING brin (c); CREATE INDEX ON a ((d ->> 'x')); CREATE INDEX ON a (to_tsvector('english', b)); REINDEX TABLE a; CREATE INDEX CONCURRENTLY more ON a (c); DROP INDEX CONCURRENTLY more" },
        { "exclusion constraints and statistics", "CREATE TABLE a (b int4range, c int, d int, EXCLUDE USING gist (b WITH &&)); CREATE STATISTICS s ON c, d FROM a; CREATE STATISTICS t ON (c + d) FROM a; ANALYZE a" },
        { "functions and triggers", "CREATE TABLE a (b int, c timestamptz); CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ begin new.c := now(); return new; end $$; CREATE TRIGGER t BEFORE INSERT OR UPDATE ON a FOR EACH ROW EXECUTE FUNCTION touch(); INSERT INTO a VALUES (1); CREATE PROCEDURE p() LANGUAGE sql AS 'insert into a values (2)'; CALL p(); CREATE AGGREGATE m (int) (SFUNC = int4larger, STYPE = int); SELECT m(b) FROM a; DO $$ begin perform 1; end $$" },
        { "views", "CREATE TABLE a (b int); CREATE VIEW v AS SELECT * FROM a; CREATE MATERIALIZED VIEW mv AS SELECT * FROM v; CREATE UNIQUE INDEX ON mv (b); REFRESH MATERIALIZED VIEW CONCURRENTLY mv; CREATE RECURSIVE VIEW r (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 3; CREATE RULE ru AS ON INSERT TO v DO INSTEAD NOTHING" },
        { "types", "CREATE TYPE mood AS ENUM ('sad', 'glad'); ALTER TYPE mood ADD VALUE 'calm'; CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%'); CREATE TYPE pair AS (a int, b int); CREATE TYPE span AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi); CREATE TABLE a (m mood, e email, p pair, s span, ma mood[]); CREATE INDEX ON a (m); CREATE INDEX ON a (e); INSERT INTO a VALUES ('glad', 'x@y', (1, 2), '[1,2)', '{sad}')" },
        { "partitions", "CREATE TABLE a (b int, c text) PARTITION BY RANGE (b); CREATE TABLE a1 PARTITION OF a FOR VALUES FROM (1) TO (10); CREATE TABLE a2 PARTITION OF a DEFAULT; CREATE INDEX ON a (lower(c)); INSERT INTO a VALUES (5, 'x'), (50, 'y'); ALTER TABLE a DETACH PARTITION a1; ALTER TABLE a ATTACH PARTITION a1 FOR VALUES FROM (1) TO (10)" },
        { "schemas and comments", "CREATE SCHEMA s CREATE TABLE t (a int) CREATE VIEW v AS SELECT a FROM t CREATE INDEX i ON t (abs(a)); COMMENT ON TABLE s.t IS 'a table'; COMMENT ON COLUMN s.t.a IS 'a column'; ALTER SCHEMA s RENAME TO u; SET search_path = u; DROP SCHEMA u CASCADE" },
        { "row level security", "CREATE TABLE a (b text); ALTER TABLE a ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON a USING (b = current_user); ALTER TABLE a FORCE ROW LEVEL SECURITY; SELECT * FROM a" },
        { "maintenance", "CREATE TABLE a AS SELECT g AS b FROM generate_series(1, 100) g; VACUUM a; VACUUM (ANALYZE, VERBOSE) a; VACUUM FULL a; ANALYZE; EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM a; CLUSTER; VACUUM" },
        { "sequences and defaults", "CREATE SEQUENCE s; SELECT nextval('s'); SELECT setval('s', 10); CREATE TABLE a (b int DEFAULT nextval('s'), c serial, d uuid DEFAULT gen_random_uuid()); INSERT INTO a DEFAULT VALUES; ALTER SEQUENCE s RESTART" },
        { "temporary tables", "CREATE TEMPORARY TABLE t (a int)" },
        { "large objects", "SELECT lo_create(990001); SELECT lo_put(990001, 0, 'abc'); SELECT lo_get(990001); SELECT lo_unlink(990001); SELECT lo_unlink(lo_from_bytea(0, 'abc'))" },
        { "text search", "CREATE TEXT SEARCH CONFIGURATION c (COPY = english); CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple); SELECT to_tsvector('c', 'the cats') @@ to_tsquery('c', 'cat'); SELECT ts_headline('cats and dogs', to_tsquery('cat'))" },
        { "notify and listen", "LISTEN a; SELECT pg_notify('a', 'b'); NOTIFY a, 'c'" },
        { "own settings", "SET work_mem = '16MB'; SELECT set_config('app.user', 'x', false); SHOW server_version; ALTER ROLE CURRENT_USER SET work_mem = '16MB'" },
        { "sizes", "CREATE TABLE a (b int); SELECT pg_relation_size('a'), pg_total_relation_size('a'), pg_size_pretty(pg_table_size('a')), pg_indexes_size('a'); SELECT version(), current_user, current_database(), inet_client_addr IS NULL FROM (SELECT NULL AS inet_client_addr) x" },
        { "information schema", "CREATE TABLE a (b int PRIMARY KEY, c varchar(10)); SELECT * FROM information_schema.tables; SELECT * FROM information_schema.columns; SELECT * FROM information_schema.table_constraints; SELECT * FROM information_schema.key_column_usage; SELECT * FROM information_schema.referential_constraints; SELECT * FROM information_schema.views; SELECT * FROM information_schema.routines; SELECT * FROM information_schema.schemata; SELECT * FROM information_schema.sequences; SELECT * FROM information_schema.triggers; SELECT * FROM information_schema.role_table_grants; SELECT * FROM information_schema.check_constraints; SELECT * FROM information_schema.domains; SELECT * FROM information_schema.element_types; SELECT * FROM information_schema.parameters" },
        { "catalogs", "SELECT * FROM pg_tables; SELECT * FROM pg_indexes; SELECT * FROM pg_views; SELECT * FROM pg_roles WHERE rolname = current_user; SELECT * FROM pg_user; SELECT * FROM pg_stat_user_tables; SELECT * FROM pg_stats; SELECT * FROM pg_extension; SELECT * FROM pg_available_extensions; SELECT name, setting FROM pg_settings; SELECT * FROM pg_tablespace; SELECT * FROM pg_timezone_names LIMIT 1; SELECT * FROM pg_collation; SELECT pg_get_userbyid(relowner) FROM pg_class; SELECT oid::regclass, obj_description(oid) FROM pg_class; SELECT pg_get_indexdef(indexrelid) FROM pg_index; SELECT pg_get_constraintdef(oid) FROM pg_constraint" },
    };

    public static TheoryData<string> Extensions =>
    [
        "btree_gin", "btree_gist", "citext", "cube", "dict_int", "earthdistance", "fuzzystrmatch", "hstore", "intarray", "isn", "lo", "ltree", "pg_trgm", "pgcrypto",
        "seg", "tablefunc", "tcn", "tsm_system_rows", "tsm_system_time", "unaccent", "uuid-ossp",
    ];

    [Theory]
    [MemberData(nameof(Work))]
    public async Task An_honest_account_can_do_its_work(string what, string statements)
    {
        var account = await Service.NewAccountAsync("honest");
        foreach (var sql in statements.Split("; ").Aggregate(new List<string>(), JoinBodies))
        {
            var reply = await Service.TryQueryAsync(account, sql);
            Assert.True(reply.Status == 200, $"{what}: {sql}: {reply}");
        }
    }

    [Theory]
    [MemberData(nameof(Extensions))]
    public async Task An_allowed_extension_that_the_machine_has_can_be_created_and_dropped(string extension)
    {
        var account = await Service.AccountOfAsync("extensions-" + extension.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal));
        var trusted = await Service.ScalarAsync(account, "SELECT count(*) FROM pg_available_extension_versions WHERE name = $1 AND trusted", extension);
        Assert.SkipWhen(trusted.GetInt64() == 0, $"{extension} is not installed, or PostgreSQL does not trust it.");

        await Service.QueryAsync(account, $"CREATE EXTENSION \"{extension}\" CASCADE");
        await Service.QueryAsync(account, $"DROP EXTENSION \"{extension}\"");
    }

    [Fact]
    public async Task An_extensions_operators_can_be_used_in_indexes()
    {
        var account = await Service.NewAccountAsync("honest");
        foreach (var sql in (string[])
        [
            "CREATE EXTENSION pg_trgm", "CREATE EXTENSION btree_gist", "CREATE EXTENSION citext", "CREATE EXTENSION hstore",
            "CREATE TABLE a (b text, c int, d int4range, e citext UNIQUE, f hstore, EXCLUDE USING gist (c WITH =, d WITH &&))",
            "CREATE INDEX ON a USING gin (b gin_trgm_ops)", "CREATE INDEX ON a USING gin (f)", "CREATE INDEX ON a (similarity(b, 'x'))",
            "INSERT INTO a VALUES ('word', 1, '[1,2)', 'E', 'a=>1')", "SELECT * FROM a WHERE e = 'e' AND b % 'words'",
        ])
        {
            var reply = await Service.TryQueryAsync(account, sql);
            Assert.True(reply.Status == 200, $"{sql}: {reply}");
        }
    }

    /// <summary>A body in dollar quotes has semicolons of its own.</summary>
    private static List<string> JoinBodies(List<string> statements, string part)
    {
        if (statements is [.., var last] && (last.Split("$$").Length - 1) % 2 == 1)
        {
            statements[^1] = last + "; " + part;
        }
        else
        {
            statements.Add(part);
        }

        return statements;
    }
}
