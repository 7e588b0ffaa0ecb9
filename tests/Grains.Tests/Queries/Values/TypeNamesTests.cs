using System.Text;
using Kataven.Grains.Queries.Values;
using Kataven.Testing;
using Npgsql;

namespace Kataven.Grains.Tests.Queries.Values;

public sealed class TypeNamesTests(PostgresFixture postgres)
{
    private const string ColumnTypes = """
        numeric(10,2), numeric(5), numeric(1000,0), numeric(3,-2), numeric(2,5), numeric, numeric(10,2)[],
        varchar(1), varchar(10485760), varchar, varchar(7)[], char, char(20), bpchar, char(20)[], "char", "char"[],
        bit, bit(8), varbit(3), varbit, bit(8)[][],
        timestamp(0), timestamp(3), timestamp, timestamptz(6), timestamptz, timestamptz(2)[],
        time(0), time, timetz(4), timetz, time(1)[],
        interval, interval(3), interval year, interval month, interval day, interval hour, interval minute, interval second,
        interval second(2), interval year to month, interval day to hour, interval day to minute, interval day to second,
        interval day to second(0), interval hour to minute, interval hour to second(6), interval minute to second,
        interval day to second(1)[], int, bigint[], smallint, real, double precision, text, jsonb, json[], bool, uuid, oid,
        name, int4range, tstzmultirange[], regclass, inet, point, box[], xml, tsvector
        """;

    [Fact]
    public async Task Every_built_in_type_has_the_name_that_format_type_prints()
    {
        await AssertNamesAsync("select oid, -1, format_type(oid, -1) from pg_type where oid < 10000", atLeast: 180);
    }

    [Fact]
    public async Task Every_built_in_type_with_a_modifier_has_the_name_that_format_type_prints()
    {
        // For interval it is a precision; any other number would be no modifier that a column can have.
        await AssertNamesAsync(
            """
            select oid, m, format_type(oid, m) from pg_type, unnest(array[0, 1, 4, 5, 6, 14, 655366, 786436, 196613, 2147418118]) m
            where oid < 10000 and oid not in (1186, 1187) union all
            select oid, m, format_type(oid, m) from pg_type, unnest(array[2147418112, 2147418118, 2147483647]) m
            where oid in (1186, 1187)
            """,
            atLeast: 1800);
    }

    [Fact]
    public async Task Every_column_definition_has_the_name_that_format_type_prints()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using (var connection = await database.OpenAsync())
        {
            var columns = SplitOutsideBrackets(ColumnTypes).Select((type, i) => $"c{i} {type}");
            await using var create = new NpgsqlCommand($"create table every ({string.Join(", ", columns)})", connection);
            await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        await AssertNamesAsync(
            "select atttypid, atttypmod, format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'every'::regclass and attnum > 0",
            atLeast: 60,
            database.ConnectionString);
    }

    [Fact]
    public async Task Every_built_in_type_is_known_with_its_element_and_its_delimiter()
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            """
            select t.oid, coalesce(e.oid, 0), coalesce(e.typdelim, ',') from pg_type t left join pg_type e on e.typarray = t.oid
            where t.oid < 10000
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(BuiltInTypes.TryGet(reader.GetFieldValue<uint>(0), out var type), $"{reader.GetValue(0)} is missing");
            Assert.Equal(reader.GetFieldValue<uint>(1), type.Element?.Oid ?? 0);
            Assert.Equal(type.Element is not null, type.Kind == PgTypeKind.Array);
            Assert.Equal((byte)reader.GetChar(2), type.Delimiter);
        }
    }

    [Fact]
    public void A_type_that_an_account_made_is_not_built_in()
    {
        Assert.False(TypeNames.TryFormat(16384, -1, out _));
        Assert.False(TypeNames.TryFormat(uint.MaxValue, -1, out _));
        Assert.False(TypeNames.TryFormat(0, -1, out _));
        Assert.False(BuiltInTypes.TryGet(uint.MaxValue, out _));
    }

    private async Task AssertNamesAsync(string sql, int atLeast, string? connectionString = null)
    {
        await using var connection = new NpgsqlConnection(connectionString ?? postgres.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var wrong = new StringBuilder();
        var count = 0;
        for (; await reader.ReadAsync(TestContext.Current.CancellationToken); count++)
        {
            var (oid, typmod, expected) = (reader.GetFieldValue<uint>(0), reader.GetInt32(1), reader.GetString(2));
            if (!TypeNames.TryFormat(oid, typmod, out var name) || name != expected)
                wrong.AppendLine($"{oid} {typmod}: {name ?? "(none)"}, not {expected}");
        }
        Assert.Equal("", wrong.ToString());
        Assert.True(count >= atLeast, $"{count} names compared");
    }

    private static IEnumerable<string> SplitOutsideBrackets(string types)
    {
        var depth = 0;
        var type = new StringBuilder();
        foreach (var c in types)
        {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c != ',' || depth > 0)
            {
                type.Append(c);
                continue;
            }
            yield return type.ToString().Trim();
            type.Clear();
        }
        yield return type.ToString().Trim();
    }
}
