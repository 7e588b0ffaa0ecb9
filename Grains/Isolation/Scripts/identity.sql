-- What the service keeps in an account's database, which the account reads and cannot write: one row that proves whose database it is, and
-- which migrations were applied to it. Idempotent; needs no superuser.
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
