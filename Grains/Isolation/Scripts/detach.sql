-- Statements that make an ordinary object of what somebody added to an extension by hand, or a foreign table from those that would read it.
-- The scripts of the extensions that accounts may have make no table, view, schema or function of these kinds.
SELECT format('ALTER EXTENSION %I DROP %s', e.extname, m.what)
  FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
  JOIN (SELECT 'pg_proc'::regclass::oid AS classid, p.oid AS objid, 'ROUTINE ' || p.oid::regprocedure::text AS what, p.pronamespace AS namespace FROM pg_proc p WHERE p.prosecdef
        UNION ALL
        SELECT 'pg_class'::regclass::oid, c.oid,
               format('%s %s', CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, c.oid::regclass),
               c.relnamespace
          FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
        UNION ALL
        SELECT 'pg_namespace'::regclass::oid, n.oid, format('SCHEMA %I', n.nspname), n.oid FROM pg_namespace n) m
    ON m.classid = d.classid AND m.objid = d.objid
 WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
   AND NOT EXISTS (SELECT FROM pg_namespace n WHERE n.oid = m.namespace AND n.nspname = '_kataven')
UNION ALL
SELECT CASE WHEN p.relkind = 'p' THEN format('ALTER TABLE %s DETACH PARTITION %s', p.oid::regclass, c.oid::regclass)
            ELSE format('ALTER FOREIGN TABLE %s NO INHERIT %s', c.oid::regclass, p.oid::regclass) END
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent JOIN pg_roles o ON o.oid = c.relowner
 WHERE c.relkind = 'f' AND o.rolsuper
