using System.Text;

namespace Kataven.Grains.Queries.Text;

/// <summary>What a statement's text gives away before it runs. PostgreSQL stays the judge of whether it is right.</summary>
internal static class StatementText
{
    // Those that nearly every request begins with, so that telling them costs no memory.
    private static readonly string[] Usual = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"];

    /// <summary>The first word in capitals, behind brackets and empty statements; "" where there is none.</summary>
    public static string FirstKeyword(string sql)
    {
        var scanner = new SqlScanner(sql);
        return ReadFirstWord(ref scanner) ? Upper(scanner.Text) : "";
    }

    /// <summary>
    /// Whether it begins, ends or prepares a transaction or sets a savepoint. <c>SET TRANSACTION</c> and
    /// <c>SET CONSTRAINTS</c> do neither.
    /// </summary>
    public static bool IsTransactionControl(string sql)
    {
        var scanner = new SqlScanner(sql);
        if (!ReadFirstWord(ref scanner))
            return false;
        switch (Upper(scanner.Text))
        {
            case "BEGIN" or "START" or "COMMIT" or "END" or "ROLLBACK" or "ABORT" or "SAVEPOINT" or "RELEASE":
                return true;
            case "PREPARE":
                // PREPARE transaction AS … and PREPARE transaction (int) AS … make a prepared statement of that name.
                return scanner.Read() && scanner.IsWord("TRANSACTION")
                    && scanner.Read() && scanner.Kind == SqlTokenKind.String;
            default:
                return false;
        }
    }

    /// <summary>Whether it goes back to a savepoint: <c>ROLLBACK TO …</c>, also with <c>WORK</c> or <c>TRANSACTION</c> before the <c>TO</c>.</summary>
    public static bool IsRollbackToSavepoint(string sql)
    {
        var scanner = new SqlScanner(sql);
        return ReadFirstWord(ref scanner) && scanner.IsWord("ROLLBACK") && scanner.Read()
            && ((!scanner.IsWord("WORK") && !scanner.IsWord("TRANSACTION")) || scanner.Read()) && scanner.IsWord("TO");
    }

    /// <summary>Whether it sets a savepoint, lets one go, or goes back to one: the transaction around it goes on.</summary>
    public static bool IsSavepoint(string sql) => FirstKeyword(sql) is "SAVEPOINT" or "RELEASE" || IsRollbackToSavepoint(sql);

    /// <summary>
    /// Whether a reserved keyword stands in it as one: not in a string, a comment or quotes, nor as a column's name after
    /// a dot or <c>AS</c>.
    /// </summary>
    public static bool HasKeyword(string sql, string keyword)
    {
        var scanner = new SqlScanner(sql);
        var isName = false;
        while (scanner.Read())
        {
            if (!isName && scanner.IsWord(keyword))
                return true;
            isName = scanner.IsSymbol('.') || scanner.IsWord("AS");
        }
        return false;
    }

    /// <summary>To PostgreSQL the empty text is a statement that does nothing; Npgsql takes it for one that was forgotten.</summary>
    public static string Sendable(string sql) => sql.Length == 0 ? " " : sql;

    /// <summary>Whether it is a <c>COPY</c> between a table and the client's connection.</summary>
    public static bool IsCopyWithClient(string sql)
    {
        var scanner = new SqlScanner(sql);
        if (!ReadFirstWord(ref scanner) || !scanner.IsWord("COPY"))
            return false;
        while (scanner.Read())
        {
            // Both words are reserved: no table or column is called so without quotes.
            if (scanner.Depth == 0 && (scanner.IsWord("FROM") || scanner.IsWord("TO")))
                return scanner.Read() && (scanner.IsWord("STDIN") || scanner.IsWord("STDOUT"));
        }
        return false;
    }

    internal static string Upper(ReadOnlySpan<char> word)
    {
        foreach (var usual in Usual)
        {
            if (Ascii.EqualsIgnoreCase(word, usual))
                return usual;
        }
        // Keywords are ASCII: a letter that only becomes one in capitals (a long s) must not make a keyword.
        return string.Create(word.Length, word, static (upper, word) =>
        {
            for (var i = 0; i < upper.Length; i++)
                upper[i] = char.IsAsciiLetterLower(word[i]) ? (char)(word[i] - 32) : word[i];
        });
    }

    /// <summary>Puts the scanner on the first word. PostgreSQL passes over empty statements too (<c>;; BEGIN</c>).</summary>
    internal static bool ReadFirstWord(ref SqlScanner scanner)
    {
        while (scanner.Read())
        {
            if (!scanner.IsSymbol('(') && !scanner.IsSymbol(';'))
                return scanner.Kind == SqlTokenKind.Word;
        }
        return false;
    }
}
