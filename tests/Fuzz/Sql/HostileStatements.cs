using Kataven.Fuzz.Cases;

namespace Kataven.Fuzz.Sql;

/// <summary>Statements of somebody who means harm, or who does not know what the service is.</summary>
internal static class HostileStatements
{
    private static readonly string[] Statements =
    [
        // Transaction control, and sessions that are left in disorder.
        "begin", "start transaction isolation level serializable", "commit", "rollback", "abort", "end", "savepoint a", "release a", "rollback to a", "prepare transaction 'x'",
        "commit prepared 'x'", "rollback prepared 'x'", "begin; insert into t0 values (1)", "/* a */ begin read only", "set transaction read only", "commit and chain",
        "set role postgres", "set session authorization postgres", "reset role", "reset all", "discard all", "discard temp", "set statement_timeout = 0", "set lock_timeout = '1ms'",
        "set idle_in_transaction_session_timeout = 1", "set client_encoding = 'SJIS'", "set client_encoding = 'LATIN1'", "set DateStyle = 'German'", "set timezone = 'Asia/Kathmandu'",
        "set bytea_output = 'escape'", "set extra_float_digits = -15", "set standard_conforming_strings = off", "set client_min_messages = debug5", "set search_path = nowhere",
        "set default_transaction_read_only = on", "set application_name = 'x'", "set work_mem = '1GB'", "set log_statement = 'all'", "set session_replication_role = replica",
        "set local x.y = 'z'", "set x.y = 'z'", "set jit = on", "set row_security = off", "set xmloption = document", "set lc_messages = 'de_DE'", "set plpgsql.variable_conflict = error",
        "select set_config('client_encoding', 'EUC_JP', false)", "select set_config('role', 'postgres', false)", "select set_config('statement_timeout', '0', false), pg_sleep(1)",
        "select set_config('timezone', 'X', false)", "select set_config('transaction_read_only', 'on', false)", "select set_config('session_authorization', 'postgres', true)",
        "prepare p as select $1::int", "execute p(1)", "execute _p1", "deallocate all", "deallocate p", "declare c cursor with hold for select 1", "declare c cursor for select 1", "fetch all from c",
        "close all", "listen a", "notify a, 'x'", "unlisten *", "select pg_notify('a', repeat('x', 7000))", "lock table t0 in access exclusive mode", "load 'x'",
        // COPY, large objects, files, programs.
        "copy t0 to stdout", "copy t0 from stdin", "copy (select 1) to stdout with (format binary)", "copy t0 from '/etc/passwd'", "copy t0 to program 'id'", "/**/copy t0 from stdin",
        "select lo_create(0)", "select lo_from_bytea(0, '\\x00')", "select lo_import('/etc/passwd')", "select lo_export(1, '/tmp/x')", "select pg_read_file('/etc/passwd')", "select pg_ls_dir('/')",
        // Blocks.
        "do $$ begin commit; end $$", "do $$ begin perform set_config('client_encoding', 'LATIN1', false); end $$", "do $$ begin execute 'copy t0 to stdout'; end $$",
        "do $$ begin perform pg_sleep(5); exception when others then perform pg_sleep(5); end $$", "do $$ begin raise notice '%', repeat('x', 100000); end $$",
        "do $$ begin for i in 1..3000 loop raise warning 'w %', i; end loop; end $$", "do $$ begin raise exception using errcode = '42501', message = repeat('m', 50000), detail = 'd', hint = 'h'; end $$",
        "do $$ begin raise exception using errcode = 'ZZZZZ'; end $$", "do $$ begin raise exception using errcode = '00000'; end $$", "do $$ begin raise exception '%', E'\\u0001\\u001f\"\\\\'; end $$",
        "do $$ begin loop begin perform 1/0; exception when others then null; end; end loop; end $$", "do language plpgsql 'junk'", "do $$ begin begin rollback; end; end $$", "call nothing()",
        // Bombs.
        "select repeat('x', 1000000000)", "select repeat('x', 900000000) || repeat('y', 900000000)", "select 'a' ~ '((a*)*)*b'", "select repeat('a', 30000) ~ '(a|a)*b'", "select count(*) from generate_series(1, 100000000)",
        "select array_fill(0, array[10000000])", "select * from generate_series(1, 10000000)", "select repeat('(', 20000)::xml", "select (repeat('[', 100000) || repeat(']', 100000))::jsonb", "select pg_sleep(2)",
        "with recursive r(n) as (select 1 union all select n from r) select count(*) from r", "select factorial(20000)", "select 10::numeric ^ 100000", "select lpad('', 5000000, 'x')", "select jsonb_agg(i) from generate_series(1, 200000) i",
        // Others' things.
        "select * from pg_authid", "select * from pg_shadow", "select datname from pg_database", "select * from pg_stat_activity", "select * from public.accounts", "create database x", "drop database postgres",
        "create role x superuser", "alter system set fsync = off", "create extension dblink", "create extension plpython3u", "create server s foreign data wrapper postgres_fdw", "create publication p for all tables",
        "create subscription s connection 'host=127.0.0.1' publication p", "create event trigger e on ddl_command_start execute function bump()", "create tablespace x location '/tmp'", "select dblink('', 'select 1')",
        "select pg_reload_conf()", "select pg_rotate_logfile()", "select pg_switch_wal()", "select pg_create_restore_point('x')", "select pg_advisory_lock(1)", "select pg_export_snapshot()", "select * from pg_hba_file_rules",
        "grant all on database postgres to public", "revoke connect on database postgres from public", "alter role current_user connection limit 0", "alter role current_user valid until '2000-01-01'",
        "drop owned by current_user cascade", "reassign owned by current_user to postgres", "alter role current_user set search_path = nowhere", "alter role current_user password 'x'", "alter role current_user set role = 'none'",
        "alter role current_user set default_transaction_read_only = on", "alter role current_user set client_encoding = 'LATIN1'", "alter role current_user reset all", "create function public.now() returns int language sql as 'select 1'",
        "create schema pg_evil", "create operator = (leftarg = text, rightarg = text, function = texteq)", "create cast (text as int) with inout as implicit", "drop schema public cascade", "create schema if not exists public",
    ];

    /// <summary>Each ends its own backend, or says of itself that the server is at fault.</summary>
    private static readonly string[] Fatal =
    [
        "select pg_terminate_backend(pg_backend_pid())", "do $$ begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(1); end $$",
        "do $$ begin raise exception using errcode = '57P01'; end $$", "do $$ begin raise exception using errcode = '53200'; end $$", "do $$ begin raise exception using errcode = '08006'; end $$",
        "select pg_terminate_backend(pg_backend_pid()), i from generate_series(1, 10000) i",
    ];

    public static string Make(Dice dice) => dice.Of(Statements);

    public static string MakeFatal(Dice dice) => dice.Of(Fatal);
}
