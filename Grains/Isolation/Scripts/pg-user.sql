SELECT tenant_filter.* FROM (
  SELECT pg_shadow.usename, pg_shadow.usesysid, pg_shadow.usecreatedb, pg_shadow.usesuper, pg_shadow.userepl, pg_shadow.usebypassrls,
         '********'::text AS passwd, pg_shadow.valuntil, pg_shadow.useconfig
    FROM pg_catalog.pg_shadow) AS tenant_filter
 WHERE tenant_filter.usesysid < 16384 OR pg_catalog.pg_has_role(tenant_filter.usesysid, 'MEMBER')
    OR tenant_filter.usesysid = (SELECT d.datdba FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
    OR (SELECT r.rolsuper OR r.rolcreaterole FROM pg_catalog.pg_authid r WHERE r.rolname = current_user)
    OR pg_catalog.pg_has_role('pg_read_all_stats', 'MEMBER') OR pg_catalog.pg_has_role('pg_read_all_data', 'MEMBER')
