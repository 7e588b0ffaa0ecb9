using Kataven.Grains.Queries.Text;

namespace Kataven.Grains.Migrations;

/// <summary>
/// Cuts a script into its statements, so that each runs by itself: an error then has its place in the script, each statement its own
/// time limit, and nothing that a statement sets changes how the next is read. As psql does, a semicolon inside brackets or inside the
/// body of a function in SQL ends none.
/// </summary>
internal static class ScriptStatements
{
    public static List<ScriptStatement> Of(string script)
    {
        var statements = new List<ScriptStatement>();
        var scanner = new SqlScanner(script);
        var body = new RoutineBody();
        int? start = null;
        var (end, depth) = (0, 0);
        while (scanner.Read())
        {
            script.AsSpan().Overlaps(scanner.Text, out var offset);
            if (scanner.IsSymbol(';') && scanner.Depth <= depth && !body.IsOpen)
            {
                Add(script, start, end, statements);
                (start, depth, body) = (null, scanner.Depth, new RoutineBody());
                continue;
            }

            start ??= offset;
            end = offset + scanner.Text.Length;
            body.Read(in scanner, isOutside: scanner.Depth <= depth);
        }

        Add(script, start, end, statements);
        return statements;
    }

    private static void Add(string script, int? start, int end, List<ScriptStatement> statements)
    {
        if (start is { } from)
        {
            statements.Add(new ScriptStatement(script[from..end], from));
        }
    }
}
