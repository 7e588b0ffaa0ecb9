SELECT tenant_filter.* FROM (
  SELECT pg_authid.rolname, pg_authid.rolsuper, pg_authid.rolinherit, pg_authid.rolcreaterole, pg_authid.rolcreatedb, pg_authid.rolcanlogin,
         pg_authid.rolreplication, pg_authid.rolconnlimit, '********'::text AS rolpassword, pg_authid.rolvaliduntil, pg_authid.rolbypassrls,
         s.setconfig AS rolconfig, pg_authid.oid
    FROM pg_catalog.pg_authid LEFT JOIN pg_catalog.pg_db_role_setting s ON pg_authid.oid = s.setrole AND s.setdatabase = 0::oid) AS tenant_filter
 WHERE tenant_filter.oid < 16384 OR pg_catalog.pg_has_role(tenant_filter.oid, 'MEMBER')
    OR tenant_filter.oid = (SELECT d.datdba FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
    OR (SELECT r.rolsuper OR r.rolcreaterole FROM pg_catalog.pg_authid r WHERE r.rolname = current_user)
    OR pg_catalog.pg_has_role('pg_read_all_stats', 'MEMBER') OR pg_catalog.pg_has_role('pg_read_all_data', 'MEMBER')
