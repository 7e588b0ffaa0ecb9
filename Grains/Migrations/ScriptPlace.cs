namespace Kataven.Grains.Migrations;

/// <summary>Turns places in a statement into places in its script.</summary>
internal static class ScriptPlace
{
    /// <summary>The line of a place in the text, the first being 1.</summary>
    public static int LineAt(string sql, int index) => sql.AsSpan(0, Math.Min(index, sql.Length)).Count('\n') + 1;

    /// <summary>
    /// PostgreSQL's place in a statement, which counts characters from 1, as one in the script that counts likewise, and its line.
    /// </summary>
    public static (int Position, int Line) Of(string script, int statementStart, int position)
    {
        var index = statementStart;
        for (var left = position - 1; left > 0 && index < script.Length; left--)
        {
            index += index + 1 < script.Length && char.IsSurrogatePair(script[index], script[index + 1]) ? 2 : 1;
        }

        var before = script.AsSpan(0, Math.Min(index, script.Length));
        var characters = 0;
        foreach (var _ in before.EnumerateRunes())
        {
            characters++;
        }

        return (characters + 1, before.Count('\n') + 1);
    }
}
