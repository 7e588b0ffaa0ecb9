namespace Kataven.Grains.Queries.Text;

/// <summary>
/// The words of the command tag that PostgreSQL gives a statement, told from its text: the driver keeps them to itself for
/// all but the common statements. The words only, never the counts behind them.
/// </summary>
internal static class CommandTag
{
    /// <summary>"" for a statement without a word.</summary>
    public static string For(string sql)
    {
        var scanner = new SqlScanner(sql);
        if (!StatementText.ReadFirstWord(ref scanner))
            return "";
        var verb = StatementText.Upper(scanner.Text);
        return verb switch
        {
            "CREATE" => ForCreate(ref scanner),
            "ALTER" or "DROP" => ForChange(ref scanner, verb),
            "WITH" => ForWith(ref scanner),
            "GRANT" or "REVOKE" => ForGrant(ref scanner, verb),
            "VALUES" or "TABLE" => "SELECT",
            "END" => "COMMIT",
            "ABORT" => "ROLLBACK",
            "COMMIT" or "ROLLBACK" => SecondIs(ref scanner, "PREPARED") ? verb + " PREPARED" : verb,
            "START" => "START TRANSACTION",
            "PREPARE" => StatementText.IsTransactionControl(sql) ? "PREPARE TRANSACTION" : verb,
            "ANALYSE" => "ANALYZE",
            "LOCK" => "LOCK TABLE",
            "TRUNCATE" => "TRUNCATE TABLE",
            "DECLARE" => "DECLARE CURSOR",
            "CLOSE" => SecondIs(ref scanner, "ALL") ? "CLOSE CURSOR ALL" : "CLOSE CURSOR",
            "DEALLOCATE" => ForDeallocate(ref scanner),
            "DISCARD" => ForDiscard(ref scanner),
            "SET" => IsSetConstraints(ref scanner) ? "SET CONSTRAINTS" : verb,
            "REFRESH" => "REFRESH MATERIALIZED VIEW",
            "SECURITY" => "SECURITY LABEL",
            "IMPORT" => "IMPORT FOREIGN SCHEMA",
            "REASSIGN" => "REASSIGN OWNED",
            _ => verb,
        };
    }

    private static string ForCreate(ref SqlScanner scanner)
    {
        while (scanner.Read() && CommandTagObjects.IsModifierOfCreate(scanner))
        {
        }
        var kind = CommandTagObjects.Read(ref scanner);
        return kind switch
        {
            "TABLE" => HasOuterWord(ref scanner, "AS") ? "CREATE TABLE AS" : "CREATE TABLE",
            // Without a handler of its own a language is an extension.
            "LANGUAGE" => HasOuterWord(ref scanner, "HANDLER") ? "CREATE LANGUAGE" : "CREATE EXTENSION",
            "" => "CREATE",
            _ => "CREATE " + kind,
        };
    }

    private static string ForChange(ref SqlScanner scanner, string verb)
    {
        if (scanner.Read() && scanner.IsWord("PROCEDURAL"))
            scanner.Read();
        var kind = CommandTagObjects.Read(ref scanner);
        return kind.Length == 0 ? verb : $"{verb} {kind}";
    }

    /// <summary>The tag of the statement behind the common table expressions.</summary>
    private static string ForWith(ref SqlScanner scanner)
    {
        // A table expression may itself bear the name of a verb that is not reserved.
        var isName = true;
        while (scanner.Read())
        {
            if (scanner.Depth > 0)
                continue;
            if (!isName && StatementText.Upper(scanner.Text) is var verb and ("INSERT" or "UPDATE" or "DELETE" or "MERGE"))
                return verb;
            if (!isName && (scanner.IsWord("SELECT") || scanner.IsWord("VALUES") || scanner.IsWord("TABLE")))
                return "SELECT";
            isName = scanner.IsSymbol(',') || (isName && scanner.IsWord("RECURSIVE"));
        }
        return "SELECT";
    }

    // ON is reserved: it is there where privileges on an object are given, and not where a role is.
    private static string ForGrant(ref SqlScanner scanner, string verb) =>
        HasOuterWord(ref scanner, "ON") ? verb : verb + " ROLE";

    private static string ForDeallocate(ref SqlScanner scanner)
    {
        if (scanner.Read() && scanner.IsWord("PREPARE"))
            scanner.Read();
        return scanner.IsWord("ALL") ? "DEALLOCATE ALL" : "DEALLOCATE";
    }

    private static string ForDiscard(ref SqlScanner scanner)
    {
        if (!scanner.Read())
            return "DISCARD";
        return scanner.IsWord("TEMPORARY") ? "DISCARD TEMP" : "DISCARD " + StatementText.Upper(scanner.Text);
    }

    // A setting's name may begin with the word: constraints.mine.
    private static bool IsSetConstraints(ref SqlScanner scanner) =>
        SecondIs(ref scanner, "CONSTRAINTS") && scanner.Read()
        && !scanner.IsSymbol('.') && !scanner.IsSymbol('=') && !scanner.IsWord("TO");

    private static bool SecondIs(ref SqlScanner scanner, string word) => scanner.Read() && scanner.IsWord(word);

    private static bool HasOuterWord(ref SqlScanner scanner, string word)
    {
        while (scanner.Read())
        {
            if (scanner.Depth == 0 && scanner.IsWord(word))
                return true;
        }
        return false;
    }
}
