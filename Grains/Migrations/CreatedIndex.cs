using Kataven.Grains.Queries.Text;
using Npgsql;

namespace Kataven.Grains.Migrations;

/// <summary>The index that a statement makes, by the statement's text.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">Its table's schema, where the statement has it.</param>
/// <param name="Table">Its table.</param>
internal sealed record CreatedIndex(string Name, string? Schema, string Table)
{
    /// <summary>Null where the statement makes no index, or one that it does not name.</summary>
    public static CreatedIndex? Of(string sql)
    {
        var scanner = new SqlScanner(sql);
        if (!Skip(ref scanner, "CREATE"))
        {
            return null;
        }

        _ = scanner.IsWord("UNIQUE") && scanner.Read();
        if (!SkipRead(ref scanner, "INDEX"))
        {
            return null;
        }

        _ = scanner.IsWord("CONCURRENTLY") && scanner.Read();
        _ = scanner.IsWord("IF") && scanner.Read() && scanner.Read() && scanner.Read();
        if (scanner.IsWord("ON") || NameOf(in scanner) is not { } name || !scanner.Read() || !SkipRead(ref scanner, "ON"))
        {
            return null;
        }

        _ = scanner.IsWord("ONLY") && scanner.Read();
        if (NameOf(in scanner) is not { } first)
        {
            return null;
        }

        return !scanner.Read() || !scanner.IsSymbol('.') ? new CreatedIndex(name, null, first)
            : scanner.Read() && NameOf(in scanner) is { } table ? new CreatedIndex(name, first, table)
            : null;
    }

    /// <summary>Whether it is there, and of use.</summary>
    public async Task<bool> IsValidAsync(NpgsqlConnection service, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT EXISTS (SELECT FROM pg_index i
                             JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
                            WHERE i.indisvalid AND c.relname = $1 AND t.relname = $3 AND n.nspname = coalesce(nullif($2, ''), n.nspname))
            """,
            service);
        command.Parameters.Add(new() { Value = Name });
        command.Parameters.Add(new() { Value = Schema ?? "" });
        command.Parameters.Add(new() { Value = Table });
        return (bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    private static bool Skip(ref SqlScanner scanner, string word) => scanner.Read() && SkipRead(ref scanner, word);

    /// <summary>Goes on to the token behind this word.</summary>
    private static bool SkipRead(ref SqlScanner scanner, string word) => scanner.IsWord(word) && scanner.Read();

    private static string? NameOf(in SqlScanner scanner) => scanner.Kind switch
    {
        SqlTokenKind.Word => scanner.Text.ToString().ToLowerInvariant(),
        SqlTokenKind.QuotedIdentifier when scanner.Text[0] == '"' => scanner.Text[1..^1].ToString().Replace("\"\"", "\"", StringComparison.Ordinal),
        _ => null,
    };
}
