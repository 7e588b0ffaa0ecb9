using CsCheck;
using Kataven.Grains.Queries.Text;
using Kataven.Testing;
using Npgsql;

namespace Kataven.Grains.Tests.Queries.Text;

public sealed class SqlScannerTests(PostgresFixture postgres)
{
    private static readonly Gen<string> Fragment = Gen.OneOf(
        "'", "''", "\"", "E'", "e'", "U&'", "U&\"", "b'", "N'", "$$", "$a$", "$a", "$1", "$", "\\", "\\'", "--", "\n", "\r", " ", "/*", "*/",
        "(", ")", "a", "é", "E", "1", "x", "-", "/", "*", "returning", ".", "as");

    [Fact]
    public void Any_text_is_read_to_its_end() =>
        Gen.OneOf(Fragment, Gen.OneOf(";", "\0", "\ud800")).Array[0, 15].Select(string.Concat).Sample(sql =>
        {
            var scanner = new SqlScanner(sql);
            var tokens = 0;
            while (scanner.Read())
            {
                Assert.False(scanner.Text.IsEmpty);
                Assert.True(++tokens <= sql.Length);
            }
            Assert.True(scanner.Text.IsEmpty);
        }, iter: 20_000);

    /// <summary>
    /// Commas between columns are what a wrong end of a string or a comment would hide or bring to light. Most texts are
    /// refused by PostgreSQL and say nothing.
    /// </summary>
    [Fact]
    public async Task Quotes_and_comments_end_where_they_end_for_postgresql()
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var literal = Gen.OneOf(
            "'a'", "'\\'", "E'\\''", "E'\\\\'", "'a'\n'\\'", "E'a'\n'\\''", "E'a' --,\n '\\','", "$$'$$", "$a$,$$,$a$", "\"'\"", "1,2", "null");
        var text = Gen.Frequency((3, literal), (2, Gen.Const(",")), (4, Fragment)).Array[1, 8].Select(string.Concat)
            // A parameter without a value is a violation of the protocol, for which the driver gives up the connection.
            .Where(columns => !columns.Contains("$1", StringComparison.Ordinal));
        var accepted = 0;
        await text.SampleAsync(async columns =>
        {
            var sql = "select " + columns;
            if (await ColumnsAsync(connection, sql) is not { } count)
                return;
            accepted++;
            Assert.Equal(count, OuterCommas(sql) + 1);
        }, iter: 4000, threads: 1);
        Assert.True(accepted > 100, $"{accepted} texts were accepted");
    }

    /// <summary>Null where PostgreSQL refuses the statement, or sees no column in it.</summary>
    private static async Task<int?> ColumnsAsync(NpgsqlConnection connection, string sql)
    {
        try
        {
            await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            return reader.FieldCount is > 0 and var count ? count : null;
        }
        catch (PostgresException)
        {
            return null;
        }
    }

    private static int OuterCommas(string sql)
    {
        var scanner = new SqlScanner(sql);
        var commas = 0;
        while (scanner.Read())
        {
            if (scanner.Depth == 0 && scanner.IsSymbol(','))
                commas++;
        }
        return commas;
    }
}
