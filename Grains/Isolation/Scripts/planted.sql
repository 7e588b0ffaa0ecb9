-- What a database may not have where the service's own sessions would run it: in PostgreSQL's own schemas, between its own types, and in
-- the service's schema whatever it did not put there. Literals are quoted so that each operator is found as it is, and no planted one by
-- conversion.
SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles o ON o.oid = p.proowner
 WHERE (p.oid >= '16384' AND (n.nspname = 'pg_catalog' OR n.nspname = 'information_schema')
        -- the service's own that count large objects
        AND NOT (n.nspname = 'pg_catalog' AND o.rolsuper
                 AND ((p.proname = 'lo_create' AND p.pronargs = '1' AND p.proargtypes[0] = '26')
                   OR (p.proname = 'lo_creat' AND p.pronargs = '1' AND p.proargtypes[0] = '23')
                   OR (p.proname = 'lo_from_bytea' AND p.pronargs = '2' AND p.proargtypes[0] = '26' AND p.proargtypes[1] = '17'))))
    -- replaced
    OR (p.oid < '16384' AND n.nspname <> 'public' AND (p.prosecdef OR (p.prolang <> '12' AND p.prolang <> '13' AND p.prolang <> '14')
                                                       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '1255' AND d.objid = p.oid AND d.deptype = 'e')))
    OR (n.nspname = '_kataven' AND NOT (o.rolsuper AND p.pronargs = '0' AND p.prorettype = '3838' AND (p.proname = 'ddl_start' OR p.proname = 'ddl_end')))
UNION ALL
SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE (c.oid >= '16384' AND (n.nspname = 'pg_catalog' OR n.nspname = 'information_schema'))
    OR (n.nspname = '_kataven' AND NOT (((c.relname = 'identity' OR c.relname = 'migration' OR c.relname = 'idempotency') AND c.relkind = 'r')
                                     OR ((c.relname = 'identity_pkey' OR c.relname = 'migration_pkey'
                                          OR c.relname = 'idempotency_pkey' OR c.relname = 'idempotency_created_at') AND c.relkind = 'i')))
UNION ALL
SELECT t.oid FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE (t.oid >= '16384' AND (n.nspname = 'pg_catalog' OR n.nspname = 'information_schema'))
    OR (n.nspname = '_kataven' AND t.typname <> 'identity' AND t.typname <> '_identity' AND t.typname <> 'migration' AND t.typname <> '_migration'
        AND t.typname <> 'idempotency' AND t.typname <> '_idempotency')
UNION ALL
SELECT o.oid FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
 WHERE o.oid >= '16384' AND (n.nspname = 'pg_catalog' OR n.nspname = 'information_schema' OR n.nspname = '_kataven')
UNION ALL
SELECT o.oid FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace
 WHERE o.oid >= '16384' AND (n.nspname = 'pg_catalog' OR n.nspname = 'information_schema' OR n.nspname = '_kataven')
UNION ALL
SELECT o.oid FROM pg_conversion o JOIN pg_namespace n ON n.oid = o.connamespace
 WHERE o.oid >= '16384' AND (n.nspname = 'pg_catalog' OR n.nspname = 'information_schema' OR n.nspname = '_kataven')
UNION ALL
SELECT c.oid FROM pg_cast c WHERE c.castsource < '16384' AND c.casttarget < '16384' AND c.castfunc >= '16384'
UNION ALL
SELECT t.oid FROM pg_trigger t WHERE t.tgrelid < '16384'
