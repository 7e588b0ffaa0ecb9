-- For a database that was closed before there was a role that dumps: the same grants, noted as initial privileges like all that harden.sql
-- leaves, so that no dump has them. Idempotent; needs a superuser.
SET LOCAL allow_system_table_mods = on;
/* backup-grants.sql */
DELETE FROM pg_init_privs ip
 WHERE ip.objsubid = 0
   AND (ip.classoid = 'pg_class'::regclass AND ip.objoid IN ('pg_database'::regclass, 'pg_subscription'::regclass, 'pg_shdescription'::regclass,
                                                             'pg_shseclabel'::regclass, 'pg_db_role_setting'::regclass, 'pg_auth_members'::regclass)
        OR ip.classoid = 'pg_proc'::regclass AND ip.objoid = 'pg_export_snapshot()'::regprocedure);
INSERT INTO pg_init_privs (objoid, classoid, objsubid, privtype, initprivs)
  SELECT c.oid, 'pg_class'::regclass, 0, 'i', c.relacl FROM pg_class c
   WHERE c.oid IN ('pg_database'::regclass, 'pg_subscription'::regclass, 'pg_shdescription'::regclass,
                   'pg_shseclabel'::regclass, 'pg_db_role_setting'::regclass, 'pg_auth_members'::regclass)
  UNION ALL
  SELECT p.oid, 'pg_proc'::regclass, 0, 'i', p.proacl FROM pg_proc p WHERE p.oid = 'pg_export_snapshot()'::regprocedure;
