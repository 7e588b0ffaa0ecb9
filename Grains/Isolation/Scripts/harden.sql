-- What PUBLIC may see and call, taken away. Idempotent, PostgreSQL 14 to 18. Run as a superuser in the database to harden:
-- the template first; also postgres, template1, and any database that was adopted, or whose server was upgraded.
-- It only touches per-database rows of pg_class/pg_proc/pg_init_privs, so CREATE DATABASE ... TEMPLATE copies it.
SET LOCAL allow_system_table_mods = on;

-- 1. pg_roles and pg_user keep working (pg_dump needs pg_roles, Npgsql GetSchema("Indexes") needs pg_user) but show only: me, roles I
--    am a member of, built-in roles, the owner of the current database.  Monitoring/admin/backup roles see everything.
CREATE TEMP VIEW wanted_pg_roles AS /* pg-roles.sql */;
CREATE TEMP VIEW wanted_pg_user AS /* pg-user.sql */;
DO $do$
DECLARE v text; def text;
BEGIN
  FOREACH v IN ARRAY ARRAY['pg_roles','pg_user'] LOOP
    def := pg_get_viewdef(('pg_temp.wanted_' || v)::regclass);
    IF def <> pg_get_viewdef(('pg_catalog.' || v)::regclass) THEN          -- each is locked against readers, so only where it has to be
      EXECUTE 'CREATE OR REPLACE VIEW pg_catalog.' || v || ' AS ' || def;
    END IF;
    EXECUTE 'GRANT SELECT ON pg_catalog.' || v || ' TO PUBLIC';
  END LOOP;
END $do$;
DROP VIEW pg_temp.wanted_pg_roles, pg_temp.wanted_pg_user;
-- Without it a condition of the reader's own is tried on hidden rows too, and tells them by an error: 1 / (CASE WHEN rolname = … THEN 0 END).
ALTER VIEW pg_catalog.pg_roles SET (security_barrier);
ALTER VIEW pg_catalog.pg_user SET (security_barrier);

-- 2. relations and functions: whoever has something on them that an account could use
--    (pg_seclabels stays readable: pg_dump always reads it; it is empty unless a label provider is installed)
DO $do$
DECLARE r record;
BEGIN
  FOR r IN
    SELECT DISTINCT c.kind, c.what, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS who
      FROM (/* closed.sql */) c CROSS JOIN aclexplode(c.acl) a
     WHERE a.grantee = 0 OR pg_get_userbyid(a.grantee) ~ /* role name */
  LOOP
    EXECUTE format('REVOKE ALL ON %s %s FROM %s CASCADE', r.kind, r.what, r.who);        -- also drops column grants (pg_subscription)
  END LOOP;
END $do$;

GRANT SELECT ON pg_catalog.pg_seclabels TO PUBLIC;

-- 3. information_schema.columns calls this SQL function, which reads pg_database AS THE INVOKER (encoding of the current
--     database).  Without this replacement "SELECT * FROM information_schema.columns" fails with 42501.
CREATE OR REPLACE FUNCTION information_schema._pg_char_octet_length(typid oid, typmod int4) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $f$
SELECT CASE WHEN $1 IN (25, 1042, 1043) THEN
         CASE WHEN $2 = -1 THEN CAST(2^30 AS integer)
              ELSE information_schema._pg_char_max_length($1, $2) *
                   pg_catalog.pg_encoding_max_length(pg_catalog.pg_char_to_encoding(pg_catalog.getdatabaseencoding())) END
       ELSE null END $f$;

-- 3b. what the role that dumps needs, which is no superuser: the group is there before the template is made
DO $do$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_authid WHERE rolname='kataven_backup') THEN
    /* backup-grants.sql */
  END IF;
END $do$;

-- 3d. Large objects are made without DDL, so no event trigger can count them, and each that is removed is a lock: removing 600000 in one
--     statement fills the lock table of the whole server.  So what makes them counts (2 MB are roughly 36000); they belong to the caller as
--     before.  The built-in functions are renamed, since PostgreSQL runs those by their oid whatever pg_proc says of their body.
DO $do$ DECLARE f text; BEGIN
  FOREACH f IN ARRAY ARRAY['lo_create(oid)','lo_creat(integer)','lo_from_bytea(oid,bytea)'] LOOP
    IF to_regprocedure('pg_catalog.' || replace(f, '(', '_unlimited(')) IS NULL THEN
      EXECUTE format('ALTER FUNCTION pg_catalog.%s RENAME TO %I', f, split_part(f, '(', 1) || '_unlimited');
    END IF;
    EXECUTE format('REVOKE ALL ON FUNCTION pg_catalog.%s FROM PUBLIC', replace(f, '(', '_unlimited('));
  END LOOP;
END $do$;
CREATE OR REPLACE FUNCTION pg_catalog.lo_create(oid) RETURNS oid LANGUAGE plpgsql STRICT SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $f$
DECLARE made oid;
BEGIN
  IF pg_relation_size('pg_catalog.pg_largeobject_metadata') > 2*1024*1024 THEN
    RAISE EXCEPTION 'too many large objects' USING ERRCODE = 'configuration_limit_exceeded';
  END IF;
  made := lo_create_unlimited($1);
  EXECUTE format('ALTER LARGE OBJECT %s OWNER TO %I', made, session_user);
  RETURN made;
END $f$;
CREATE OR REPLACE FUNCTION pg_catalog.lo_creat(integer) RETURNS oid LANGUAGE sql STRICT AS 'SELECT pg_catalog.lo_create(0)';
CREATE OR REPLACE FUNCTION pg_catalog.lo_from_bytea(oid, bytea) RETURNS oid LANGUAGE plpgsql STRICT
  SET search_path = pg_catalog, pg_temp AS $f$
DECLARE made oid := lo_create($1);
BEGIN
  PERFORM lo_put(made, 0, $2);
  RETURN made;
END $f$;

-- 4. make the hardened ACLs the "initial privileges", so pg_dump (by the tenant or by anyone) does not emit
--    REVOKE/GRANT statements on pg_catalog objects that a non-superuser restore could not replay.
DELETE FROM pg_init_privs ip USING pg_proc p WHERE ip.classoid='pg_proc'::regclass AND ip.objoid=p.oid AND ip.objsubid=0
   AND p.pronamespace='pg_catalog'::regnamespace AND p.oid < 16384 AND p.proacl IS NOT NULL;
INSERT INTO pg_init_privs(objoid,classoid,objsubid,privtype,initprivs)
  SELECT p.oid,'pg_proc'::regclass,0,'i',p.proacl FROM pg_proc p
   WHERE p.pronamespace='pg_catalog'::regnamespace AND p.oid < 16384 AND p.proacl IS NOT NULL;
DELETE FROM pg_init_privs ip USING pg_class c WHERE ip.classoid='pg_class'::regclass AND ip.objoid=c.oid
   AND c.relnamespace='pg_catalog'::regnamespace AND c.oid < 16384 AND c.relacl IS NOT NULL;
INSERT INTO pg_init_privs(objoid,classoid,objsubid,privtype,initprivs)
  SELECT c.oid,'pg_class'::regclass,0,'i',c.relacl FROM pg_class c
   WHERE c.relnamespace='pg_catalog'::regnamespace AND c.oid < 16384 AND c.relacl IS NOT NULL;
INSERT INTO pg_init_privs(objoid,classoid,objsubid,privtype,initprivs)
  SELECT a.attrelid,'pg_class'::regclass,a.attnum,'i',a.attacl FROM pg_attribute a JOIN pg_class c ON c.oid=a.attrelid
   WHERE c.relnamespace='pg_catalog'::regnamespace AND c.oid < 16384 AND a.attacl IS NOT NULL;
