using Kataven.Fuzz.Bodies;
using Kataven.Fuzz.Cases;

namespace Kataven.Fuzz.Sql;

/// <summary>Statements that an honest program might send, valid more often than not, over few names so that they meet.</summary>
internal sealed class StatementGrammar(Actors actors, ExpressionGrammar expressions)
{
    public string Make(Dice dice) => dice.Below(22) switch
    {
        0 => $"create table if not exists {Table(dice)} (id int primary key, a text, b {expressions.Type(dice)}, c jsonb default '{{}}')",
        1 => $"drop table if exists {Table(dice)} cascade",
        2 => $"insert into {Table(dice)} (id, a) values ({dice.Below(50)}, {expressions.Make(dice)}) {dice.Of("", "on conflict do nothing", "on conflict (id) do update set a = excluded.a")} {Returning(dice)}",
        3 => $"update {Table(dice)} set a = {expressions.Make(dice)} where id = {dice.Below(50)} {Returning(dice)}",
        4 => $"delete from {Table(dice)} where id = {dice.Below(50)} {Returning(dice)}",
        5 => $"with x as (insert into {Table(dice)} (id) values ({dice.Below(50)}) on conflict do nothing returning *) select * from x",
        6 => Definition(dice),
        7 => $"values ({expressions.Make(dice)}, {expressions.Make(dice)})",
        8 => $"select * from generate_series(1, {dice.Of(0, 1, 10, 500, 20_000)}) i, lateral (select {expressions.Make(dice)} as v) x",
        9 => $"explain {dice.Of("", "(analyze, costs off, timing off) ", "(format json) ", "(format xml) ")}select * from {Table(dice)}",
        10 => $"select * from {dice.Of(actors.Relations)} limit {dice.Below(20)}",
        11 => dice.Of("vacuum t0", "analyze", "truncate t0, t1", "show all", "show search_path", "reindex table t0", "table t0", "checkpoint", "cluster", "comment on table t0 is 'x'"),
        12 => $"merge into {Table(dice)} t using (values ({dice.Below(50)})) v(id) on t.id = v.id when matched then delete when not matched then insert (id) values (v.id)",
        13 => $"with recursive r(n) as (select 1 union all select n + 1 from r where n < {dice.Of(10, 1_000)}) select count(*), {expressions.Make(dice)} from r",
        14 => $"select {expressions.Make(dice)} from {Table(dice)} group by grouping sets ((id), ()) order by 1 {dice.Of("", "for update", "limit 3", "offset 1")}",
        15 or 16 => $"create table if not exists t{dice.Below(4)} (id int primary key, a text, b {dice.Of("mood", "text[]", "bytea", "timestamptz")}, c jsonb default '{{}}')",
        _ => $"select {dice.Repeat(0, 5, ", ", () => expressions.Make(dice) + dice.Of("", "", " as a", " as \"A b\"", " as \"\ud83d\ude00\""))}",
    };

    private string Definition(Dice dice) => dice.Below(14) switch
    {
        0 => $"create or replace function f{dice.Below(3)}(x text) returns text language {dice.Of("sql", "plpgsql")} as $f${dice.Of("select $1", "begin return x; end", "begin raise notice '%', x; return x; end", "junk")}$f$",
        1 => $"drop function if exists f{dice.Below(3)}(text)",
        2 => $"create or replace view v{dice.Below(3)} as select {expressions.Make(dice)} as a",
        3 => $"select * from v{dice.Below(3)}",
        4 => $"create index if not exists i{dice.Below(3)} on {Table(dice)} (a)",
        5 => dice.Of("create type mood as enum ('sad', 'ok', 'a\"b', '')", "create type pos as (x int, y text)", "create domain small as int check (value < 10)", "drop type if exists mood cascade"),
        6 => dice.Of("select 'sad'::mood, array['sad','ok']::mood[]", "select '(1,a)'::pos, array['(1,a)']::pos[]", "select row(1,2)::pos"),
        7 => "create or replace function bump() returns trigger language plpgsql as $f$ begin new.a := coalesce(new.a, '') || 'x'; return new; end $f$",
        8 => $"create or replace trigger tr before insert or update on {Table(dice)} for each row execute function bump()",
        9 => $"alter table {Table(dice)} {dice.Of("add column if not exists d int", "drop column if exists d", "alter column a type varchar(20)", "rename to t9", "enable row level security")}",
        10 => "alter table t9 rename to t3",
        11 => $"create temporary table tmp{dice.Below(3)} as select {expressions.Make(dice)} as a",
        12 => dice.Of("create sequence if not exists s0", "select nextval('s0'), currval('s0')", "select setval('s0', 5)", "create schema if not exists s", "drop schema if exists s cascade"),
        _ => $"create materialized view if not exists m{dice.Below(3)} as select {dice.Below(9)} as a",
    };

    private static string Table(Dice dice) => dice.OneIn(15) ? dice.Of("nowhere", "pg_class", "information_schema.tables", "\"T 0\"", "v0") : $"t{dice.Below(4)}";

    private string Returning(Dice dice) => dice.Below(4) switch
    {
        0 => "returning *",
        1 => $"returning id, {expressions.Make(dice)}",
        _ => "",
    };

    /// <summary>Cut off, doubled, or with junk in it.</summary>
    public string Broken(Dice dice)
    {
        var sql = Make(dice);
        return dice.Below(7) switch
        {
            0 => sql[..dice.Below(sql.Length + 1)],
            1 => sql.Insert(dice.Below(sql.Length + 1), JunkText.Make(dice)),
            2 => $"{sql}; {Make(dice)}",
            3 => $"{sql};",
            4 => $"{dice.Of("/* ; ' */", "-- '\n", ";", ";;", "/* /* */ */", "\ufeff", "(", "/*")}{sql}",
            5 => dice.Of("", " ", ";", "--", "/**/", "$$", "'", "\"", "E'\\", "$1", "$0", "$99999999999", ":a", "@p", "?", "select", "begin", "é", "\u00a0select 1", "select\u2003 1"),
            _ => JunkText.Make(dice),
        };
    }
}
