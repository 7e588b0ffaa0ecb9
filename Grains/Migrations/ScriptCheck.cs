using Kataven.Grains.Queries.Text;

namespace Kataven.Grains.Migrations;

/// <summary>What a script may not have, as far as its text tells. Whether it is right SQL, PostgreSQL says when it is applied.</summary>
internal static class ScriptCheck
{
    public static IEnumerable<string> Faults(MigrationScript script)
    {
        if (script.Statements.Count == 0)
        {
            yield return "is empty";
        }

        if (script.IsTransactional && MigrationScript.FirstLine(script.Sql).StartsWith("-- kataven:", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"begins with a line that is not \"{MigrationScript.NoTransaction}\"";
        }

        foreach (var statement in script.Statements)
        {
            if (FaultOf(statement.Sql) is { } fault)
            {
                yield return $"{fault} in line {ScriptPlace.LineAt(script.Sql, statement.Start)}";
            }
        }
    }

    private static string? FaultOf(string sql) =>
        StatementText.IsTransactionControl(sql) ? "has transaction control, which is the service's,"
        : StatementText.IsCopyWithClient(sql) ? "has a COPY from or to the client"
        : HasMetaCommand(sql) ? "has a command of psql's (\\)"
        : null;

    /// <summary>A backslash outside of quotes is nothing in SQL.</summary>
    private static bool HasMetaCommand(string sql)
    {
        var scanner = new SqlScanner(sql);
        while (scanner.Read())
        {
            if (scanner.IsSymbol('\\'))
            {
                return true;
            }
        }

        return false;
    }
}
