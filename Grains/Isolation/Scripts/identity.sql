-- What the service keeps in an account's database. The account reads and cannot write one row that proves whose database it is, and which
-- migrations were applied to it. It writes the answers of writes that were sent with a key, since they are kept in the write's own transaction:
-- whatever else it does to them, it repeats its own writes or misses its own answers. Idempotent; needs no superuser.
CREATE SCHEMA IF NOT EXISTS _kataven;
CREATE TABLE IF NOT EXISTS _kataven.identity (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    account_uid uuid NOT NULL,
    isolation_version integer NOT NULL,
    server_major integer NOT NULL
);
CREATE TABLE IF NOT EXISTS _kataven.migration (
    version integer PRIMARY KEY,
    description text NOT NULL,
    checksum text NOT NULL,
    state text NOT NULL,
    xid xid8,
    statements_done integer NOT NULL,
    invalid_before oid[],
    started_at timestamp with time zone NOT NULL,
    applied_at timestamp with time zone,
    duration_ms bigint,
    applied_by uuid
);
CREATE TABLE IF NOT EXISTS _kataven.idempotency (
    key text COLLATE pg_catalog."C" PRIMARY KEY,
    request bytea NOT NULL,
    answer bytea,
    created_at timestamp with time zone NOT NULL
);
DO $do$ BEGIN
  IF to_regclass('_kataven.idempotency_created_at') IS NULL THEN          -- IF NOT EXISTS would wait for every write that is under way, and others behind it
    CREATE INDEX idempotency_created_at ON _kataven.idempotency (created_at);
  END IF;
END $do$;
-- Whoever has something on it: PUBLIC, or by somebody's default privileges a role.
DO $do$
DECLARE r record;
BEGIN
  FOR r IN
    SELECT DISTINCT a.kind, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS who
      FROM (SELECT 'SCHEMA _kataven' AS kind, n.nspowner AS owner, x.grantee FROM pg_namespace n CROSS JOIN aclexplode(n.nspacl) x WHERE n.nspname = '_kataven'
            UNION ALL
            SELECT 'TABLE ' || c.oid::regclass, c.relowner, x.grantee
              FROM pg_class c CROSS JOIN aclexplode(coalesce(c.relacl, acldefault('r', c.relowner)) || ARRAY(SELECT i FROM pg_attribute t CROSS JOIN unnest(t.attacl) i WHERE t.attrelid = c.oid)) x
             WHERE c.oid IN ('_kataven.identity'::regclass, '_kataven.migration'::regclass)) a
     WHERE a.grantee <> a.owner
  LOOP
    EXECUTE format('REVOKE ALL ON %s FROM %s CASCADE', r.kind, r.who);
  END LOOP;
END $do$;
GRANT USAGE ON SCHEMA _kataven TO PUBLIC;
GRANT SELECT ON TABLE _kataven.identity, _kataven.migration TO PUBLIC;
-- Not TRIGGER, REFERENCES or TRUNCATE: nothing of the account's own can hang on to it. Where it is so already nothing is done: since
-- PostgreSQL 18 a GRANT waits for whoever has locked the table, as the account may.
DO $do$
DECLARE who text;
BEGIN
  IF (SELECT string_agg(x.grantee || x.privilege_type || x.is_grantable, ' ' ORDER BY x.grantee, x.privilege_type COLLATE "C")
        FROM pg_class c CROSS JOIN aclexplode(c.relacl) x WHERE c.oid = '_kataven.idempotency'::regclass AND x.grantee <> c.relowner)
     = '0DELETEfalse 0INSERTfalse 0SELECTfalse 0UPDATEfalse'
     AND NOT EXISTS (SELECT FROM pg_attribute t WHERE t.attrelid = '_kataven.idempotency'::regclass AND t.attacl IS NOT NULL) THEN
    RETURN;
  END IF;
  FOR who IN
    SELECT DISTINCT CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END
      FROM pg_class c CROSS JOIN aclexplode(coalesce(c.relacl, acldefault('r', c.relowner)) || ARRAY(SELECT i FROM pg_attribute t CROSS JOIN unnest(t.attacl) i WHERE t.attrelid = c.oid)) x
     WHERE c.oid = '_kataven.idempotency'::regclass AND x.grantee <> c.relowner
  LOOP
    EXECUTE format('REVOKE ALL ON TABLE _kataven.idempotency FROM %s CASCADE', who);
  END LOOP;
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE _kataven.idempotency TO PUBLIC;
END $do$;
