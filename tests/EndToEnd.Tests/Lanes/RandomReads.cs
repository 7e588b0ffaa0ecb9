using System.Globalization;

namespace Kataven.EndToEnd.Tests.Lanes;

/// <summary>Statements that read a table of many types, by a seed; some of them fail.</summary>
internal sealed class RandomReads(int seed)
{
    public const string Table = """
        create table kinds as select n as id, n::smallint as small, n * 1000000007::bigint as big, n / 7.0 as exact, sqrt(n) as double, (n / 3.0)::real as single,
          case when n % 5 = 0 then null else repeat('ä"\' || n, n % 4) end as txt, n % 2 = 0 as flag, date '2024-02-28' + n as day,
          timestamp '2024-02-28 23:59:59.123456' + n * interval '1 hour 1 second' as at, timestamptz '2024-02-28 23:59:59+02' + n * interval '1 day' as atz,
          n * interval '1 day 3 minutes' as span, ('{"a": ' || n || ', "b": [1, null, "x"]}')::jsonb as doc, ('{"a":   ' || n || '}')::json as raw,
          array[n, null, n + 1] as ints, array[['a', 'b'], ['c"', null]] as texts, decode(lpad(to_hex(n), 8, '0'), 'hex') as bytes,
          md5(n::text)::uuid as uid, ('10.0.0.' || n)::inet as ip, int4range(n, n + 3) as span4, point(n, -n) as spot, n::bit(8) as bits, 'NaN'::numeric as nan
        from generate_series(1, 40) n
        """;

    private static readonly string[] Columns =
    [
        "id", "small", "big", "exact", "double", "single", "txt", "flag", "day", "at", "atz", "span", "doc", "raw", "ints", "texts", "bytes", "uid", "ip", "span4", "spot", "bits", "nan",
        "doc -> 'b' as b", "doc ->> 'a' as a", "ints[1]", "upper(txt)", "coalesce(txt, 'none')", "id / (id % 4) as broken", "txt || id::text as \"a name\"", "exact * 3", "age(at)", "extract(epoch from at)",
        "row(id, txt) as pair", "to_char(at, 'YYYY-MM')", "count(*) over ()", "array_agg(id) over (order by id)", "jsonb_build_object('x', id)", "null as nothing", "id as id", "'x'::\"char\"",
        "'infinity'::timestamp", "'-infinity'::float8", "date '0044-03-15 BC'", "1e400::numeric", "txt::int as maybe",
    ];

    private static readonly string[] Conditions =
        ["true", "id = $1", "id < $1", "txt is null", "flag", "id between 3 and $1", "txt like '%' || $1 || '%'", "id in (select id from kinds where id > $1)", "no_such_column = 1", "day > date '2024-03-05'"];

    private static readonly string[] Ends = ["", " order by id", " order by id desc limit 3", " order by id offset 38", " limit 0"];

    private readonly Random _random = new(seed);

    public (string Sql, object?[] Parameters, string RowMode, string Numbers) Next()
    {
        var columns = Enumerable.Range(0, _random.Next(1, 7)).Select(_ => Of(Columns));
        var condition = Of(Conditions);
        var sql = _random.Next(10) switch
        {
            0 => $"with k as (select * from kinds) select {string.Join(", ", columns)} from k where {condition}{Of(Ends)}",
            1 => $"select * from kinds where {condition}{Of(Ends)}",
            2 => $"values (1, 'a'), (2, null), ({_random.Next(100).ToString(CultureInfo.InvariantCulture)}, 'c')",
            3 => "table kinds",
            4 => $"select count(*), sum(exact), string_agg(txt, ',' order by id), max(at) from kinds where {condition}",
            _ => $"select {string.Join(", ", columns)} from kinds where {condition}{Of(Ends)}",
        };
        object?[] parameters = sql.Contains("$1", StringComparison.Ordinal) ? [_random.Next(8) == 0 ? null : _random.Next(0, 45)] : [];
        return (sql, parameters, _random.Next(4) == 0 ? "object" : "array", _random.Next(4) == 0 ? "string" : "number");
    }

    private string Of(string[] choices) => choices[_random.Next(choices.Length)];
}
