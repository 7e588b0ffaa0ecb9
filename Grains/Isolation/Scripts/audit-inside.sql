-- What of an account's isolation can be seen in its own database: name, whether it is so, what is so. $1 is the role, $2 and $3 are
-- the bodies of the guard's functions, $4 the extensions that it allows, $5 and $6 the texts of the views that show roles.
SELECT f.name, coalesce(f.ok, false), f.detail
  FROM (VALUES
    ('stamp_rights',
     (SELECT count(*) = 3 AND bool_and(t.relkind = 'r' AND NOT (t.relrowsecurity OR t.relhasrules OR t.relhastriggers OR t.relhassubclass)
             AND NOT EXISTS (SELECT FROM pg_roles o WHERE o.oid IN (t.relowner, n.nspowner) AND o.rolname <> current_user AND NOT o.rolsuper)
             AND NOT EXISTS (SELECT FROM aclexplode(t.relacl) a
                              WHERE a.grantee <> t.relowner
                                AND (a.is_grantable OR NOT (a.privilege_type = 'SELECT' OR (t.relname = 'idempotency' AND a.privilege_type IN ('INSERT', 'UPDATE', 'DELETE')))))
             AND NOT EXISTS (SELECT FROM aclexplode(n.nspacl) a WHERE a.grantee <> n.nspowner AND (a.privilege_type <> 'USAGE' OR a.is_grantable))
             AND NOT EXISTS (SELECT FROM pg_attribute c WHERE c.attrelid = t.oid AND c.attacl IS NOT NULL))
        FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = '_kataven' AND t.relname IN ('identity', 'migration', 'idempotency')),
     'The account reads its stamp and its migrations, and cannot write them; nothing hangs on to the answers that it keeps by key.'),
    ('catalog_privileges',
     NOT EXISTS (SELECT FROM (/* closed.sql */) c CROSS JOIN aclexplode(c.acl) a
                  WHERE a.grantee = 0 OR a.grantee = (SELECT r.oid FROM pg_roles r WHERE r.rolname = $1)),
     'The account cannot read what all databases share, nor call what reaches beyond its own.'),
    ('catalog_views',
     (SELECT count(*) = 2 FROM pg_class v
       WHERE v.oid IN ('pg_roles'::regclass, 'pg_user'::regclass)
         AND pg_get_viewdef(v.oid) = CASE v.relname WHEN 'pg_roles' THEN $5::text ELSE $6 END AND 'security_barrier=true' = ANY (v.reloptions)),
     'pg_roles and pg_user show the account its own role alone.'),
    ('large_objects',
     (SELECT count(*) = 3 FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
       WHERE p.oid IN (to_regprocedure('lo_create(oid)'), to_regprocedure('lo_creat(integer)'), to_regprocedure('lo_from_bytea(oid,bytea)'))
         AND l.lanname IN ('plpgsql', 'sql')),
     'Large objects are counted.'),
    ('guard_triggers',
     (SELECT count(*) = 2
        FROM pg_event_trigger t JOIN pg_roles o ON o.oid = t.evtowner
        JOIN pg_proc p ON p.oid = t.evtfoid JOIN pg_roles po ON po.oid = p.proowner
        JOIN (VALUES ('_kataven_start', 'ddl_command_start', $2::text), ('_kataven_end', 'ddl_command_end', $3)) e (name, event, body)
          ON t.evtname = e.name AND t.evtevent = e.event AND p.prosrc = e.body
       WHERE t.evtenabled IN ('O', 'A') AND o.rolsuper AND po.rolsuper),
     'The guard''s event triggers are there and on.'),
    ('event_triggers',
     NOT EXISTS (SELECT FROM pg_event_trigger t WHERE t.evtname NOT IN ('_kataven_start', '_kataven_end') AND t.evtenabled <> 'D'),
     'Nobody else''s event trigger runs in the service''s own sessions.'),
    ('planted_code',
     NOT EXISTS (/* planted.sql */),
     'PostgreSQL''s own schemas and the service''s have nothing of anybody else''s, which would run in the service''s own sessions.'),
    ('foreign_rights',
     NOT EXISTS (SELECT FROM (/* foreign-rights.sql */) f CROSS JOIN aclexplode(f.acl) a
                  WHERE a.grantee = 0 OR a.grantee = (SELECT r.oid FROM pg_roles r WHERE r.rolname = $1)),
     'The account can call and read nothing that acts with a superuser''s rights.'),
    ('autovacuum_code',
     NOT EXISTS (SELECT FROM pg_depend d
                   LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
                   LEFT JOIN pg_proc p ON d.refclassid = 'pg_proc'::regclass AND p.oid = d.refobjid
                   LEFT JOIN pg_operator q ON d.refclassid = 'pg_operator'::regclass AND q.oid = d.refobjid
                   LEFT JOIN pg_type t ON d.refclassid = 'pg_type'::regclass AND t.oid = d.refobjid AND t.typtype <> 'e'
                                      AND NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typtype = 'e')
                   JOIN pg_roles o ON o.oid = coalesce(p.proowner, q.oprowner, t.typowner)
                  WHERE NOT o.rolsuper AND (d.classid = 'pg_statistic_ext'::regclass OR c.relkind IN ('i', 'I')))
       AND NOT EXISTS (SELECT FROM pg_range g JOIN pg_proc p ON p.oid IN (g.rngsubdiff::oid, g.rngcanonical::oid)
                         JOIN pg_roles o ON o.oid = p.proowner WHERE NOT o.rolsuper),
     'No index, statistics or range type calls code of the account''s own, which autovacuum would run without a limit. What an adopted database had of them is left to whoever operates the service.'),
    ('beyond_the_database',
     NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname <> ALL ($4::text[]))
       AND NOT EXISTS (SELECT FROM pg_foreign_server) AND NOT EXISTS (SELECT FROM pg_publication)
       AND NOT EXISTS (SELECT FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
                        WHERE p.oid >= 16384 AND NOT l.lanpltrusted AND l.lanname <> 'sql'
                          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))),
     'There is no foreign server, publication, function of an untrusted language or extension that is not allowed. What an adopted database had of them is left to whoever operates the service.')) f (name, ok, detail)
