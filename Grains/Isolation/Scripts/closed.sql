-- What of pg_catalog no account may use: what GRANT calls it, and what is granted on it, columns included.
SELECT 'TABLE' AS kind, c.oid::regclass::text AS what,
       coalesce(c.relacl, acldefault('r', c.relowner))
         || ARRAY(SELECT i FROM pg_attribute a CROSS JOIN unnest(a.attacl) i WHERE a.attrelid = c.oid) AS acl
  FROM pg_class c
 WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind IN ('r','v')
       AND ( (c.relisshared AND c.relname NOT IN ('pg_tablespace'))     -- pg_database, pg_authid, pg_auth_members, pg_db_role_setting,
                                                                        -- pg_shdepend, pg_shdescription, pg_shseclabel, pg_subscription,
                                                                        -- pg_replication_origin, pg_parameter_acl
          OR c.relname ~ '^pg_stat_(activity|database|database_conflicts|replication|replication_slots|wal_receiver|recovery_prefetch|subscription|subscription_stats|ssl|gssapi|archiver|bgwriter|checkpointer|wal|io|slru)$'
          OR c.relname ~ '^pg_stat_progress_'
          OR c.relname IN ('pg_group','pg_shadow','pg_locks','pg_prepared_xacts','pg_replication_slots',
                           'pg_replication_origin_status','pg_file_settings','pg_hba_file_rules','pg_ident_file_mappings',
                           'pg_shmem_allocations','pg_shmem_allocations_numa','pg_backend_memory_contexts','pg_config','pg_wait_events','pg_aios',
                           'pg_dsm_registry_allocations') )
UNION ALL
SELECT 'FUNCTION', p.oid::regprocedure::text, coalesce(p.proacl, acldefault('f', p.proowner))
  FROM pg_proc p
 WHERE p.pronamespace = 'pg_catalog'::regnamespace
       AND p.prokind = 'f'
       AND ( -- statistics / shared-memory state of the whole cluster
             p.proname ~ '^pg_stat_get_(activity|backend_|db_|progress_info|wal|subscription|replication_slot|archiver|bgwriter|checkpoint|buf_|io$|slru|recovery_prefetch)'
          OR p.proname IN ('pg_stat_have_stats','pg_lock_status','pg_prepared_xact','pg_get_replication_slots','pg_blocking_pids',
               'pg_safe_snapshot_blocking_pids','pg_isolation_test_session_is_blocked','pg_notification_queue_usage',
               'pg_show_replication_origin_status','pg_get_wait_events','pg_get_aios','pg_get_loaded_modules',
               'pg_available_wal_summaries','pg_wal_summary_contents','pg_get_wal_summarizer_state',
               'pg_control_checkpoint','pg_control_init','pg_control_recovery','pg_control_system',
               'pg_current_wal_lsn','pg_current_wal_insert_lsn','pg_current_wal_flush_lsn','pg_last_committed_xact',
               'pg_walfile_name','pg_walfile_name_offset','pg_split_walfile_name','pg_last_wal_receive_lsn','pg_last_wal_replay_lsn',
               'pg_last_xact_replay_timestamp','pg_get_wal_replay_pause_state','pg_is_wal_replay_paused',
               'pg_postmaster_start_time','pg_conf_load_time',
               'inet_server_addr','inet_server_port','inet_client_addr','inet_client_port')
             -- oid -> name resolvers and name oracles over shared objects
          OR p.proname IN ('pg_describe_object','pg_identify_object','pg_identify_object_as_address','pg_get_object_address','pg_get_acl',
               'pg_tablespace_databases','pg_tablespace_location','pg_tablespace_size','pg_database_size',
               'pg_database_collation_actual_version','has_database_privilege','has_tablespace_privilege','has_parameter_privilege',
               'makeaclitem')
             -- side effects on the shared server
          OR p.proname IN ('pg_cancel_backend','pg_terminate_backend','pg_logical_emit_message','pg_export_snapshot',
               'pg_log_backend_memory_contexts','pg_promote','pg_import_system_collations',
               'pg_read_file','pg_read_file_old','pg_read_binary_file','pg_stat_file','lo_import','lo_export',
               'pg_create_physical_replication_slot','pg_create_logical_replication_slot','pg_copy_physical_replication_slot',
               'pg_copy_logical_replication_slot','pg_drop_replication_slot','pg_replication_slot_advance','pg_sync_replication_slots',
               'pg_stop_making_pinned_objects','query_to_xml_dummy')
             -- one statement with 8000 (default settings) / 212000 (max_locks_per_transaction=2048) advisory locks exhausts the shared lock
             -- table: every other tenant gets 53200 and cannot even log in.  Drop this line if tenants must have advisory locks.
          OR p.proname ~ '^pg_(try_)?advisory_(xact_)?lock'
             -- the built-in ones behind those that count
          OR p.proname ~ '^lo_(create|creat|from_bytea)_unlimited$'
          OR p.proname ~ '^pg_(ls_|logical_slot_|replication_origin_|stat_reset|rotate_logfile|backup_|wal_replay_|start_backup|stop_backup|switch_wal|create_restore_point|reload_conf|current_logfile|hba_file_rules|ident_file_mappings|show_all_file_settings|get_shmem_allocations|get_backend_memory_contexts|config$)'
           )
