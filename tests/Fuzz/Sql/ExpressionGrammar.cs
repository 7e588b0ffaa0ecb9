using Kataven.Fuzz.Bodies;
using Kataven.Fuzz.Cases;

namespace Kataven.Fuzz.Sql;

/// <summary>Expressions: literals of every type, operators, and PostgreSQL's functions with whatever arguments.</summary>
internal sealed class ExpressionGrammar(Actors actors)
{
    private static readonly string[] Literals =
    [
        "null", "true", "0", "1", "-1", "1.5", "1e10", "2147483647", "9223372036854775807", "'NaN'::float8", "'-Infinity'::float8", "'Infinity'::numeric", "''", "'a'",
        "E'\\x41\\u00e9'", "U&'\\+01F600'", "$q$it's$q$", "B'101'", "X'1F'", "'{1,2}'::int[]", "'{{a,NULL},{\"b\\\"\",c}}'::text[]", "'[0:1]={5,6}'::int[]", "array[]::text[]",
        "array[null,1]", "'{\"a\":[1,2,{}]}'::jsonb", "'{\"a\":1,\"a\":2}'::json", "'\\x00ff'::bytea", "date '2024-02-29'", "timestamp 'infinity'", "timestamptz '4713-01-01 BC'",
        "timestamptz 'epoch'", "timestamp '294276-12-31 23:59:59.999999'", "time '24:00'", "timetz '12:00+14'", "interval '1 year -2 mons 3 days 04:05:06.789'", "row(1,'a',null)",
        "'(1,2)'::point", "'<(0,0),1>'::circle", "'127.0.0.1/8'::inet", "'08:00:2b:01:02:03'::macaddr", "int4range(1,9)", "'{[1,3),[5,9)}'::int4multirange", "tsrange(null,null)",
        "'a & b'::tsquery", "'a:1A b:2'::tsvector", "gen_random_uuid()", "'<a>1</a>'::xml", "'1'::money", "'pg_class'::regclass", "1::oid", "'0/0'::pg_lsn", "'a'::\"char\"", "'x'::name",
        "current_date", "current_user", "current_database()", "pg_backend_pid()", "random()", "now()", "pg_typeof(1)", "'$.a[*]'::jsonpath", "txid_current_snapshot()",
    ];

    private static readonly string[] Operators =
        ["+", "-", "*", "/", "%", "^", "||", "=", "<>", "<", ">=", "~", "~*", "like", "->", "->>", "#>", "@>", "<@", "?", "&&", "<<", ">>", "<->", "@@", "and", "or", "is distinct from"];

    public string Make(Dice dice, int depth = 0) => dice.Below(depth > 3 ? 3 : 12) switch
    {
        3 => dice.OneIn(3) ? $"({Make(dice, depth + 1)} {dice.Of(Operators)} {Make(dice, depth + 1)})" : Fitting(dice),
        4 => dice.OneIn(3) ? $"({Make(dice, depth + 1)})::{Type(dice)}" : $"{dice.Of("null", "(null)", "'1'", "'{}'", "'2024-02-29'")}::{Type(dice)}",
        5 or 6 or 7 => Call(dice, depth),
        8 => $"case when {Make(dice, depth + 1)} is null then {Make(dice, depth + 1)} else {Make(dice, depth + 1)} end",
        9 => $"array[{dice.Repeat(0, 3, ",", () => Make(dice, depth + 1))}]",
        10 => $"(select {Make(dice, depth + 1)})",
        11 => $"row({dice.Repeat(0, 3, ",", () => Make(dice, depth + 1))})",
        _ => dice.OneIn(8) ? Quoted(JunkText.Make(dice)) : dice.Of(Literals),
    };

    public string Type(Dice dice) =>
        dice.OneIn(3) ? dice.Of("text", "jsonb", "numeric(5,2)", "varchar(3)", "int[]", "text[][]", "bytea", "timestamptz(3)", "interval day to second(2)", "mood", "pos") : dice.Of(actors.Types);

    public static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal)}'";

    /// <summary>An operator between what it is for.</summary>
    private static string Fitting(Dice dice) => dice.Below(5) switch
    {
        0 => $"({dice.Of("7", "-1.5", "random()", "1e300")} {dice.Of("+", "-", "*", "/", "=", "<")} {dice.Of("2", "0", "0.1", "1e300")})",
        1 => $"('ab' {dice.Of("||", "=", "<", "~", "~*", "like", "collate \"C\" ||")} {dice.Of("'a'", "'%'", "'(a*)*'", "''", "null")})",
        2 => $"('{{\"a\":[1,{{\"b\":null}}]}}'::jsonb {dice.Of("->", "->>", "?", "-")} {dice.Of("'a'", "'b'")})",
        3 => $"(array[1,2,null] {dice.Of("||", "@>", "<@", "&&", "=")} '{{2,3}}')",
        _ => $"(now() {dice.Of("-", "+")} {dice.Of("interval '1 mon'", "interval '-3 days'", "interval '1 us'")})",
    };

    /// <summary>With arguments of the right types more often than not, so that the function itself is reached.</summary>
    private string Call(Dice dice, int depth)
    {
        var (name, types) = dice.Of(actors.Functions);
        if (dice.OneIn(3))
        {
            var count = dice.OneIn(3) ? dice.Below(5) : types.Length;
            return $"{name}({string.Join(", ", Enumerable.Range(0, count).Select(_ => Make(dice, depth + 2)))})";
        }

        return $"{name}({string.Join(", ", types.Select(type => Argument(dice, type, depth)))})";
    }

    private string Argument(Dice dice, string type, int depth) => type switch
    {
        "internal" or "cstring" => "null",
        "smallint" or "integer" or "bigint" or "numeric" or "real" or "double precision" or "oid" or "xid" or "money" =>
            dice.OneIn(6) ? $"({Make(dice, depth + 2)})::{type}" : $"'{dice.Of("0", "1", "-1", "2", "7", "100", "32767")}'::{type}",
        "text" or "name" or "character varying" or "bytea" or "unknown" or "character" => Quoted(dice.OneIn(3) ? JunkText.Make(dice) : dice.Of("", "a", "public", "t0", "id", "1", "YYYY-MM-DD", "g")) + (type == "unknown" ? "" : $"::{type}"),
        "boolean" => dice.Of("true", "false"),
        _ when type.StartsWith("any", StringComparison.Ordinal) => dice.Of("'{1,2}'::int[]", "1", "'a'::text", "int4range(1,9)", "'{[1,3)}'::int4multirange", Make(dice, depth + 2)),
        _ => dice.Below(3) switch
        {
            0 => $"null::{type}",
            1 => $"({Literals.FirstOrDefault(literal => literal.Contains(type, StringComparison.Ordinal)) ?? "null"})::{type}",
            _ => $"{Quoted(dice.Of("1", "2024-02-29", "{1,2}", "(1,2)", "[1,2)", "{}", "a", "00:00:01", "t0", "pg_class", "0/0", "127.0.0.1", "101"))}::{type}",
        },
    };
}
