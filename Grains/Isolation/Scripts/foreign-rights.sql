-- What a superuser owns in the database and what an account reaches by it more than its own rights: what GRANT calls it, and what is granted on it.
SELECT 'ROUTINE' AS kind, p.oid::regprocedure::text AS what, coalesce(p.proacl, acldefault('f', p.proowner)) AS acl
  FROM pg_proc p JOIN pg_roles o ON o.oid = p.proowner JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
 WHERE o.rolsuper
   AND (p.prosecdef
        -- These know no rights at all. Those of an extension or of a range type are its own matter, but not a built-in one that is closed, by another name.
        OR (p.oid >= 16384 AND p.prokind <> 'a' AND NOT l.lanpltrusted AND l.lanname <> 'sql'
            AND (NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
                 OR (l.lanname = 'internal' AND EXISTS (SELECT FROM pg_proc b WHERE b.oid < 16384 AND b.prolang = p.prolang AND b.prosrc = p.prosrc AND b.proacl IS NOT NULL
                                                           AND NOT EXISTS (SELECT FROM aclexplode(b.proacl) x WHERE x.grantee = 0))))))
   AND NOT (n.nspname = 'pg_catalog' AND p.oid::regprocedure::text = 'lo_create(oid)')
UNION ALL
SELECT 'TABLE', c.oid::regclass::text, coalesce(c.relacl, acldefault('r', c.relowner)) || ARRAY(SELECT i FROM pg_attribute a CROSS JOIN unnest(a.attacl) i WHERE a.attrelid = c.oid)
  FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner
 WHERE o.rolsuper AND c.oid >= 16384 AND c.relkind IN ('v', 'm', 'f')
UNION ALL
SELECT 'FOREIGN SERVER', format('%I', s.srvname), coalesce(s.srvacl, acldefault('S', s.srvowner)) FROM pg_foreign_server s JOIN pg_roles o ON o.oid = s.srvowner WHERE o.rolsuper
UNION ALL
SELECT 'FOREIGN DATA WRAPPER', format('%I', w.fdwname), coalesce(w.fdwacl, acldefault('F', w.fdwowner)) FROM pg_foreign_data_wrapper w JOIN pg_roles o ON o.oid = w.fdwowner WHERE o.rolsuper
