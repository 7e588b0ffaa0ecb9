namespace Kataven.Isolation.Tests.Backups;

/// <summary>One of each thing that an account may make, and questions whose answers have to be the same after a restore.</summary>
internal static class RichSchema
{
    public static readonly string[] Statements =
    [
        """
        CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION pg_trgm; COMMENT ON EXTENSION citext IS 'case does not matter';
        CREATE SCHEMA app; COMMENT ON SCHEMA app IS 'all of it'; COMMENT ON SCHEMA public IS 'ours';
        CREATE TYPE app.mood AS ENUM ('sad', 'glad'); CREATE DOMAIN app.positive AS int CHECK (value > 0); CREATE TYPE app.span AS RANGE (SUBTYPE = int);
        CREATE TYPE app.pair AS (a int, b text);
        CREATE TABLE app.person (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name citext UNIQUE, mood app.mood, age app.positive, spans app.span,
            tags hstore, pair app.pair, twice int GENERATED ALWAYS AS (id * 2) STORED);
        COMMENT ON COLUMN app.person.name IS 'how they are called, with a '' and a \ and a ;';
        INSERT INTO app.person (name, mood, age, spans, tags, pair) SELECT 'P' || g, 'glad', g, app.span(g, g + 2), hstore('k', g::text), ROW(g, 'x'::text)::app.pair FROM generate_series(1, 500) g;
        CREATE INDEX ON app.person USING gin (name gin_trgm_ops); CREATE INDEX part ON app.person (age) WHERE age > 10;
        CREATE STATISTICS app.both ON age, mood FROM app.person;
        """,
        """
        CREATE SEQUENCE app.numbers START 7 INCREMENT 3; SELECT nextval('app.numbers'), nextval('app.numbers');
        CREATE TABLE app.visit (person int REFERENCES app.person ON DELETE CASCADE, at date NOT NULL) PARTITION BY RANGE (at);
        CREATE TABLE app.visit_1 PARTITION OF app.visit FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        CREATE TABLE app.visit_2 PARTITION OF app.visit DEFAULT; CREATE INDEX ON app.visit (at);
        INSERT INTO app.visit SELECT 1 + g % 500, date '2020-06-01' + g FROM generate_series(0, 399) g;
        CREATE VIEW app.happy AS SELECT id, name FROM app.person WHERE mood = 'glad'; CREATE MATERIALIZED VIEW app.stats AS SELECT count(*) AS n FROM app.happy;
        CREATE UNIQUE INDEX ON app.stats (n); CREATE MATERIALIZED VIEW app.unfilled AS SELECT 1 AS a WITH NO DATA;
        CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ begin new.at := coalesce(new.at, current_date); return new; end $$;
        CREATE TRIGGER touch BEFORE INSERT ON app.visit FOR EACH ROW EXECUTE FUNCTION app.touch();
        CREATE PROCEDURE app.nothing() LANGUAGE sql AS 'SELECT 1'; CREATE AGGREGATE app.total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
        CREATE TABLE parent (a int); CREATE TABLE child (b int) INHERITS (parent); INSERT INTO parent VALUES (1), (2); INSERT INTO child VALUES (3, 4);
        CREATE TABLE "o'dd ""name" ("c;1" text); INSERT INTO "o'dd ""name" VALUES (E'tab\tline\nback\\slash'), (NULL); CREATE UNLOGGED TABLE fast (a int); INSERT INTO fast VALUES (9);
        CREATE RULE quiet AS ON DELETE TO "o'dd ""name" DO INSTEAD NOTHING;
        """,
        """
        ALTER TABLE app.person ENABLE ROW LEVEL SECURITY; ALTER TABLE app.person FORCE ROW LEVEL SECURITY;
        CREATE POLICY own ON app.person TO CURRENT_USER USING (id <= 100); CREATE POLICY more ON app.person FOR UPDATE USING (false);
        GRANT SELECT ON app.person TO PUBLIC; REVOKE UPDATE ON app.visit FROM CURRENT_USER; REVOKE ALL ON FUNCTION app.touch() FROM PUBLIC;
        REFRESH MATERIALIZED VIEW app.stats; GRANT SELECT (id) ON app.person TO PUBLIC; ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC;
        SELECT lo_from_bytea(0, '\x00ff10'), lo_from_bytea(424242, decode(repeat('ab', 100000), 'hex')); COMMENT ON LARGE OBJECT 424242 IS 'a picture';
        """,

        // Expressions that PostgreSQL writes otherwise once it has read again what it had written.
        """
        CREATE DOMAIN app.state AS varchar(20) DEFAULT 'new' CHECK (VALUE IN ('new', 'done', 'gone'));
        CREATE TABLE app.task (id int PRIMARY KEY, status varchar(20) DEFAULT 'new' CHECK (status IN ('new', 'done')), a int, b int, state app.state,
            kind varchar(10) DEFAULT CASE WHEN 'a'::varchar IN ('a', 'b') THEN 'x' ELSE 'y' END,
            is_open bool GENERATED ALWAYS AS (status IN ('new', 'open') AND a BETWEEN 1 AND 9 AND b > 0) STORED,
            CONSTRAINT bounds CHECK (a BETWEEN 1 AND 9 AND b > 0), CONSTRAINT one_or_other CHECK ((a > 5 OR b > 5) AND (a < 9 OR (b < 9 AND b <> 7))));
        INSERT INTO app.task (id, a, b) SELECT g, 8, g FROM generate_series(1, 20) g;
        ALTER TABLE app.task ADD CONSTRAINT from_now_on CHECK (id BETWEEN 1 AND 9 AND id <> 5) NOT VALID;
        CREATE INDEX open_task ON app.task (a, lower(status) DESC) WHERE status NOT IN ('done', 'gone'); CREATE STATISTICS app.expressions ON (status IN ('a', 'b')), a FROM app.task;
        CREATE VIEW app.open AS SELECT id, CASE WHEN status IN ('new', 'done') THEN 'x' ELSE status END AS s, coalesce(status, 'none') AS c FROM app.task
            WHERE status NOT IN ('done', 'gone') AND (a BETWEEN 1 AND 9 AND b > 0 OR id = 7);
        CREATE MATERIALIZED VIEW app.counted AS SELECT status, count(*) AS n FROM app.task WHERE status IN ('new', 'done') GROUP BY status;
        CREATE FUNCTION app.is_open(s varchar DEFAULT 'new', n int DEFAULT -1) RETURNS bool LANGUAGE sql RETURN s IN ('new', 'open') AND n BETWEEN 1 AND 9 AND n <> 7;
        CREATE FUNCTION app.same() RETURNS trigger LANGUAGE plpgsql SET search_path = app, public SET work_mem = '4MB' AS $$ begin return new; end $$;
        CREATE TRIGGER same BEFORE UPDATE OF status, a ON app.task FOR EACH ROW WHEN (new.status IN ('new', 'done')) EXECUTE FUNCTION app.same('x');
        CREATE RULE kept AS ON DELETE TO app.task WHERE old.status IN ('new', 'done') DO INSTEAD NOTHING;
        ALTER TABLE app.task ENABLE ROW LEVEL SECURITY; CREATE POLICY seen ON app.task USING (status IN ('new', 'done')) WITH CHECK (a BETWEEN 1 AND 9 AND b > 0);
        CREATE TABLE app.log (at date NOT NULL, person int, CONSTRAINT called_otherwise FOREIGN KEY (person) REFERENCES app.person ON DELETE CASCADE);
        ALTER TABLE app.visit ATTACH PARTITION app.log FOR VALUES FROM ('2022-01-01') TO ('2023-01-01');
        CREATE TABLE app.base (a int NOT NULL DEFAULT 5); CREATE TABLE app.derived (own int) INHERITS (app.base); ALTER TABLE app.derived ALTER a DROP DEFAULT;
        ALTER TABLE app.base ADD COLUMN later varchar(5) DEFAULT 'x' CHECK (later IN ('x', 'y'));
        CREATE TABLE app.told (a int NOT NULL); CREATE UNIQUE INDEX told_once ON app.told (a); ALTER TABLE app.told REPLICA IDENTITY USING INDEX told_once; DROP INDEX app.told_once;
        """,
    ];

    /// <summary>Fails, and leaves an index that is not valid. A dump leaves it out.</summary>
    public const string FailedIndex = "CREATE UNIQUE INDEX CONCURRENTLY never_built ON app.task (a)";

    /// <summary>Each answers with one text. They are asked as a superuser, whom no policy hides anything from.</summary>
    public static readonly string[] Questions =
    [
        "SELECT string_agg(format('%s.%s %s %s', n.nspname, c.relname, c.relkind, c.relpersistence), ',' ORDER BY 1) FROM (SELECT * FROM pg_class ORDER BY relname) c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'app') AND c.relname <> 'never_built'",
        "SELECT md5(string_agg(p::text, ',' ORDER BY id)) FROM app.person p",
        "SELECT md5(string_agg(v::text, ',' ORDER BY at)) FROM app.visit v",
        "SELECT string_agg(tableoid::regclass || ' ' || n, ',' ORDER BY n) FROM (SELECT tableoid, count(*) AS n FROM app.visit GROUP BY tableoid) v",
        "SELECT md5(string_agg(o::text, ',' ORDER BY \"c;1\")) || (SELECT string_agg(a::text, ',' ORDER BY a) FROM parent) || (SELECT a FROM fast) FROM \"o'dd \"\"name\" o",
        "SELECT last_value || is_called::text || (SELECT last_value FROM app.person_id_seq) FROM app.numbers",
        "SELECT n || (SELECT relispopulated::text FROM pg_class WHERE oid = 'app.unfilled'::regclass) FROM app.stats",
        "SELECT string_agg(pg_get_constraintdef(oid), ',' ORDER BY conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace IN ('app'::regnamespace, 'public'::regnamespace) AND NOT (contype = 'f' AND conparentid <> 0)",
        "SELECT string_agg(pg_get_indexdef(indexrelid), ',' ORDER BY pg_get_indexdef(indexrelid)) FROM pg_index WHERE indisvalid AND indrelid >= 16384 AND pg_get_indexdef(indexrelid) !~ 'pg_toast'",
        "SELECT string_agg(pg_get_functiondef(oid), ',' ORDER BY proname) FROM pg_proc WHERE pronamespace = 'app'::regnamespace AND prokind <> 'a' AND proname !~ 'span'",
        "SELECT string_agg(pg_get_triggerdef(oid), ',' ORDER BY tgname, tgrelid::regclass::text) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT string_agg(format('%s %s %s %s %s', polname, polcmd, polroles::regrole[], pg_get_expr(polqual, polrelid), polpermissive), ',' ORDER BY polname) FROM pg_policy",
        "SELECT string_agg(format('%s %s %s', relname, relrowsecurity, relforcerowsecurity), ',' ORDER BY relname) FROM pg_class WHERE relrowsecurity",
        "SELECT string_agg(description, ',' ORDER BY description) FROM pg_description WHERE objoid >= 16384 OR objoid = to_regnamespace('public')",
        "SELECT string_agg(extname || ' ' || extversion || ' ' || extowner::regrole, ',' ORDER BY extname) FROM pg_extension WHERE extname <> 'plpgsql'",
        "SELECT string_agg(format('%s %s', c.oid::regclass, x), ',' ORDER BY c.oid::regclass::text, x) FROM pg_class c, aclexplode(c.relacl) x WHERE c.oid >= 16384 AND c.relnamespace <> '_kataven'::regnamespace",
        "SELECT string_agg(format('%s %s', p.oid::regprocedure, x), ',' ORDER BY p.proname, x) FROM pg_proc p, aclexplode(p.proacl) x WHERE p.pronamespace = 'app'::regnamespace",
        "SELECT string_agg(format('%s %s %s', d.defaclobjtype, d.defaclnamespace::regnamespace, x), ',' ORDER BY 1) FROM pg_default_acl d, aclexplode(d.defaclacl) x",
        "SELECT string_agg(md5(lo_get(oid)) || lomowner::regrole, ',' ORDER BY md5(lo_get(oid))) FROM pg_largeobject_metadata",
        "SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum",
        "SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ',') FROM pg_class WHERE relnamespace IN ('app'::regnamespace, 'public'::regnamespace)",
        "SELECT pg_get_userbyid(nspowner)::text FROM pg_namespace WHERE nspname = 'public'",
        "SELECT string_agg(stxname || stxkeys::text, ',') FROM pg_statistic_ext",
        "SELECT string_agg(pg_get_viewdef(oid), ',' ORDER BY relname) || (SELECT string_agg(definition, ',' ORDER BY rulename) FROM pg_rules WHERE schemaname IN ('app', 'public')) FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'app'::regnamespace",
        "SELECT string_agg(pg_get_expr(d.adbin, d.adrelid), ',' ORDER BY a.attrelid::regclass::text, a.attname) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE a.attrelid >= 16384",
    ];
}
