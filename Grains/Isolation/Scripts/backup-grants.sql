GRANT SELECT ON pg_catalog.pg_database, pg_catalog.pg_subscription, pg_catalog.pg_shdescription, pg_catalog.pg_shseclabel, pg_catalog.pg_db_role_setting, pg_catalog.pg_auth_members TO kataven_backup;
    GRANT EXECUTE ON FUNCTION pg_catalog.pg_export_snapshot() TO kataven_backup;
