using System.Globalization;

namespace Kataven.Grains.Queries.Text;

/// <summary>How many parameters a statement takes, told from its text.</summary>
internal static class StatementParameters
{
    /// <summary>
    /// The highest number behind a <c>$</c>, where PostgreSQL binds parameters at all: in whatever has a plan. In a function's
    /// body or a prepared statement <c>$1</c> is an argument of its own.
    /// </summary>
    public static int Required(string sql)
    {
        if (!sql.Contains('$', StringComparison.Ordinal) || !IsPlanned(sql))
        {
            return 0;
        }

        var scanner = new SqlScanner(sql);
        var highest = 0;
        while (scanner.Read())
        {
            if (scanner.Kind == SqlTokenKind.Parameter)
            {
                highest = Math.Max(highest, NumberOf(scanner.Text[1..]));
            }
        }

        return highest;
    }

    private static bool IsPlanned(string sql) => StatementText.FirstKeyword(sql) switch
    {
        "SELECT" or "INSERT" or "UPDATE" or "DELETE" or "MERGE" or "WITH" or "VALUES" or "TABLE" or "EXPLAIN" or "CALL" or "DECLARE" => true,
        "CREATE" => CommandTag.For(sql) is "CREATE TABLE AS" or "CREATE MATERIALIZED VIEW",
        _ => false,
    };

    private static int NumberOf(ReadOnlySpan<char> digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
}
