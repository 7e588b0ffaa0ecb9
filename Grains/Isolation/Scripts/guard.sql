-- Event triggers that refuse what would reach beyond the account's own database. They belong to a superuser, so that the account
-- can neither drop nor disable them; they run as the account, in its own DDL, and give no privilege. Idempotent; needs identity.sql.
CREATE OR REPLACE FUNCTION _kataven.ddl_end() RETURNS event_trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS $f$
DECLARE c record; bad text;
BEGIN
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN RETURN; END IF;
  IF tg_tag = 'CREATE EXTENSION' THEN
    FOR c IN SELECT e.extname, e.extnamespace FROM pg_event_trigger_ddl_commands() d JOIN pg_extension e ON e.oid = d.objid WHERE d.classid = 'pg_extension'::regclass LOOP
      IF c.extname <> ALL (ARRAY[/* extensions */]) THEN
        RAISE EXCEPTION 'extension "%" is not available', c.extname USING ERRCODE = 'insufficient_privilege';     -- above all: no plperl/pltcl
      END IF;
      -- core does NOT check this for trusted extensions: CREATE EXTENSION citext SCHEMA pg_catalog works for a plain role
      IF NOT has_schema_privilege(c.extnamespace, 'CREATE') THEN
        RAISE EXCEPTION 'permission denied for schema %', c.extnamespace::regnamespace USING ERRCODE = 'insufficient_privilege';
      END IF;
    END LOOP;
    RETURN;
  END IF;
  -- Indexes / extended statistics over user functions are evaluated by autovacuum (ANALYZE) without any timeout: three sleeping
  -- functions hang all autovacuum workers of the whole cluster.  Only built-in functions and those of (superuser-owned) trusted extensions.
  -- CREATE SCHEMA s CREATE TABLE … CREATE INDEX … fires for CREATE SCHEMA alone, and tells its elements as commands.
  IF tg_tag IN ('CREATE INDEX','CREATE STATISTICS','CREATE TABLE','ALTER TABLE','CREATE MATERIALIZED VIEW','CREATE SCHEMA') THEN
    SELECT string_agg(DISTINCT q.o, ', ') INTO bad FROM (
      SELECT pg_get_userbyid(coalesce(p.proowner, o.oprowner)) AS ow, coalesce(p.proname::text, o.oprname::text) AS o
        FROM (SELECT DISTINCT d.classid, d.objid FROM pg_event_trigger_ddl_commands() d) e
        CROSS JOIN LATERAL (
              SELECT 'pg_class'::regclass::oid AS cid, e.objid AS oid WHERE e.classid = 'pg_class'::regclass
              UNION SELECT 'pg_class'::regclass::oid, i.indexrelid FROM pg_index i WHERE e.classid = 'pg_class'::regclass AND i.indrelid = e.objid
              UNION SELECT 'pg_statistic_ext'::regclass::oid, e.objid WHERE e.classid = 'pg_statistic_ext'::regclass) x
        JOIN pg_depend dp ON dp.classid = x.cid AND dp.objid = x.oid AND dp.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass)
        LEFT JOIN pg_class ic ON x.cid = 'pg_class'::regclass AND ic.oid = x.oid
        LEFT JOIN pg_proc p ON dp.refclassid = 'pg_proc'::regclass AND p.oid = dp.refobjid
        LEFT JOIN pg_operator o ON dp.refclassid = 'pg_operator'::regclass AND o.oid = dp.refobjid
       WHERE x.cid = 'pg_statistic_ext'::regclass OR ic.relkind IN ('i','I')) q
     -- hstore's populate_record is called immutable, and runs the checks of domains in whatever type it is given.
     WHERE q.o IN ('populate_record', '#=') OR NOT EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = q.ow AND r.rolsuper);
    IF bad IS NOT NULL THEN
      RAISE EXCEPTION 'user-defined functions or operators are not allowed in indexes and statistics: %', bad USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  -- ... the same hole through a domain CHECK / composite / range type used inside an index or statistics expression (enums are harmless)
  IF tg_tag IN ('CREATE INDEX','CREATE STATISTICS','CREATE TABLE','ALTER TABLE','CREATE MATERIALIZED VIEW','CREATE SCHEMA') THEN
    SELECT string_agg(DISTINCT format_type(t.oid, NULL), ', ') INTO bad
      FROM (SELECT DISTINCT d.classid, d.objid FROM pg_event_trigger_ddl_commands() d) e
      CROSS JOIN LATERAL (
            SELECT 'pg_class'::regclass::oid AS cid, e.objid AS oid WHERE e.classid = 'pg_class'::regclass
            UNION SELECT 'pg_class'::regclass::oid, i.indexrelid FROM pg_index i WHERE e.classid = 'pg_class'::regclass AND i.indrelid = e.objid
            UNION SELECT 'pg_statistic_ext'::regclass::oid, e.objid WHERE e.classid = 'pg_statistic_ext'::regclass) x
      JOIN pg_depend dp ON dp.classid = x.cid AND dp.objid = x.oid AND dp.refclassid = 'pg_type'::regclass
      JOIN pg_type t ON t.oid = dp.refobjid
      LEFT JOIN pg_type el ON el.oid = t.typelem
      LEFT JOIN pg_class ic ON x.cid = 'pg_class'::regclass AND ic.oid = x.oid
     WHERE (x.cid = 'pg_statistic_ext'::regclass OR ic.relkind IN ('i','I'))
       AND t.typtype <> 'e' AND el.typtype IS DISTINCT FROM 'e'
       AND NOT EXISTS (SELECT 1 FROM pg_roles r WHERE r.oid = t.typowner AND r.rolsuper);
    IF bad IS NOT NULL THEN
      RAISE EXCEPTION 'user-defined types are not allowed in index and statistics expressions: %', bad USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  -- ... and through SQL/JSON (16 and later), which runs casts and domains that PostgreSQL notes no dependency on
  IF tg_tag IN ('CREATE INDEX','CREATE STATISTICS','CREATE TABLE','ALTER TABLE','CREATE MATERIALIZED VIEW','CREATE SCHEMA') AND EXISTS (
       SELECT 1 FROM (SELECT DISTINCT d.classid, d.objid FROM pg_event_trigger_ddl_commands() d) e
         LEFT JOIN pg_index i ON e.classid = 'pg_class'::regclass AND e.objid IN (i.indexrelid, i.indrelid)
         LEFT JOIN pg_statistic_ext s ON e.classid = 'pg_statistic_ext'::regclass AND s.oid = e.objid
        WHERE concat(i.indexprs::text, i.indpred::text, s.stxexprs::text) ~ '[{]JSON(CONSTRUCTOR|VALUE)?EXPR ') THEN
    RAISE EXCEPTION 'SQL/JSON is not allowed in index and statistics expressions' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- ... and through range_typanalyze, which calls SUBTYPE_DIFF of a user-defined range type during ANALYZE
  IF tg_tag = 'CREATE TYPE' AND EXISTS (
       SELECT 1 FROM pg_event_trigger_ddl_commands() d JOIN pg_range rg ON d.classid = 'pg_type'::regclass AND rg.rngtypid = d.objid
         JOIN pg_proc p ON p.oid IN (rg.rngsubdiff::oid, rg.rngcanonical::oid)
        WHERE NOT EXISTS (SELECT 1 FROM pg_roles r WHERE r.oid = p.proowner AND r.rolsuper)) THEN
    RAISE EXCEPTION 'user-defined SUBTYPE_DIFF/CANONICAL functions are not allowed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- object quota, O(1): size of the tenant's own catalogs (16 MB of pg_class is roughly 70000 relations).  Whatever can be dropped in one
  -- statement is locked in one statement: a million of anything fills the lock table that all accounts share.
  IF pg_relation_size('pg_catalog.pg_class') > 16*1024*1024 OR pg_relation_size('pg_catalog.pg_attribute') > 64*1024*1024
     OR pg_relation_size('pg_catalog.pg_proc') > 32*1024*1024 OR pg_relation_size('pg_catalog.pg_type') > 16*1024*1024
     OR pg_relation_size('pg_catalog.pg_namespace') > 8*1024*1024 OR pg_relation_size('pg_catalog.pg_rewrite') > 64*1024*1024
     OR pg_relation_size('pg_catalog.pg_depend') > 128*1024*1024 OR pg_relation_size('pg_catalog.pg_description') > 64*1024*1024
     OR (SELECT sum(pg_relation_size(k.oid)) FROM pg_class k WHERE k.oid IN ('pg_catalog.pg_constraint'::regclass, 'pg_catalog.pg_attrdef'::regclass,
          'pg_catalog.pg_operator'::regclass, 'pg_catalog.pg_opfamily'::regclass, 'pg_catalog.pg_collation'::regclass, 'pg_catalog.pg_cast'::regclass,
          'pg_catalog.pg_ts_dict'::regclass, 'pg_catalog.pg_ts_config'::regclass, 'pg_catalog.pg_policy'::regclass, 'pg_catalog.pg_trigger'::regclass,
          'pg_catalog.pg_statistic_ext'::regclass, 'pg_catalog.pg_enum'::regclass, 'pg_catalog.pg_default_acl'::regclass,
          'pg_catalog.pg_transform'::regclass)) > 24*1024*1024 THEN
    RAISE EXCEPTION 'too many database objects' USING ERRCODE = 'configuration_limit_exceeded';
  END IF;
END $f$;

CREATE OR REPLACE FUNCTION _kataven.ddl_start() RETURNS event_trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS $f$
BEGIN
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN RETURN; END IF;
  RAISE EXCEPTION '% is not available', tg_tag USING ERRCODE = 'insufficient_privilege';
END $f$;
REVOKE ALL ON FUNCTION _kataven.ddl_end(), _kataven.ddl_start() FROM PUBLIC;

DO $do$ DECLARE n text; BEGIN          -- idempotent re-creation
  FOR n IN SELECT evtname FROM pg_event_trigger WHERE evtname IN ('_kataven_end','_kataven_start') LOOP
    BEGIN EXECUTE format('ALTER EXTENSION plpgsql DROP EVENT TRIGGER %I', n); EXCEPTION WHEN object_not_in_prerequisite_state THEN NULL; END;
    EXECUTE format('DROP EVENT TRIGGER %I', n);
  END LOOP;
END $do$;
CREATE EVENT TRIGGER _kataven_end ON ddl_command_end
  WHEN TAG IN ('CREATE EXTENSION','CREATE TABLE','ALTER TABLE','CREATE TABLE AS','SELECT INTO','CREATE INDEX','CREATE STATISTICS','CREATE SEQUENCE','CREATE SCHEMA','CREATE FUNCTION','CREATE PROCEDURE','CREATE VIEW','CREATE MATERIALIZED VIEW','CREATE TYPE','CREATE DOMAIN',
            'CREATE AGGREGATE','CREATE CAST','CREATE COLLATION','CREATE OPERATOR','CREATE OPERATOR FAMILY','CREATE POLICY','CREATE RULE','CREATE TRANSFORM','CREATE TRIGGER',
            'CREATE TEXT SEARCH CONFIGURATION','CREATE TEXT SEARCH DICTIONARY','ALTER DEFAULT PRIVILEGES','ALTER DOMAIN','ALTER TYPE','COMMENT')
  EXECUTE FUNCTION _kataven.ddl_end();
CREATE EVENT TRIGGER _kataven_start ON ddl_command_start
  WHEN TAG IN ('CREATE PUBLICATION','CREATE SUBSCRIPTION','CREATE SERVER','CREATE FOREIGN DATA WRAPPER','CREATE USER MAPPING','CREATE CONVERSION','CREATE LANGUAGE','SECURITY LABEL','IMPORT FOREIGN SCHEMA')
  EXECUTE FUNCTION _kataven.ddl_start();
-- make them members of the (superuser-owned, undroppable for tenants) extension plpgsql: pg_dump then skips them,
-- so a tenant's dump contains no superuser-only objects and restores into any hardened database.
DO $do$ DECLARE later text; BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_depend d JOIN pg_extension e ON e.oid=d.refobjid AND d.refclassid='pg_extension'::regclass
                  WHERE d.deptype='e' AND e.extname='plpgsql' AND d.classid='pg_namespace'::regclass AND d.objid='_kataven'::regnamespace) THEN
    ALTER EXTENSION plpgsql ADD SCHEMA _kataven;
    ALTER EXTENSION plpgsql ADD TABLE _kataven.identity;
    ALTER EXTENSION plpgsql ADD FUNCTION _kataven.ddl_end();
    ALTER EXTENSION plpgsql ADD FUNCTION _kataven.ddl_start();
  END IF;
  -- Versions 5 and 6 brought them: where the others are members from before, they are not.
  FOREACH later IN ARRAY ARRAY['_kataven.migration', '_kataven.idempotency'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_depend d JOIN pg_extension e ON e.oid=d.refobjid AND d.refclassid='pg_extension'::regclass
                    WHERE d.deptype='e' AND e.extname='plpgsql' AND d.classid='pg_class'::regclass AND d.objid=later::regclass) THEN
      EXECUTE 'ALTER EXTENSION plpgsql ADD TABLE ' || later;
    END IF;
  END LOOP;
  ALTER EXTENSION plpgsql ADD EVENT TRIGGER _kataven_end;
  ALTER EXTENSION plpgsql ADD EVENT TRIGGER _kataven_start;
END $do$;
