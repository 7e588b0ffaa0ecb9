namespace Kataven.Grains.Queries.Text;

/// <summary>The kinds of objects as command tags name them.</summary>
internal static class CommandTagObjects
{
    private static readonly string[] ModifiersOfCreate =
    [
        "OR", "REPLACE", "TEMP", "TEMPORARY", "LOCAL", "GLOBAL", "UNLOGGED", "UNIQUE", "RECURSIVE", "TRUSTED", "PROCEDURAL",
        "CONSTRAINT", "DEFAULT",
    ];

    /// <summary>The words that may follow the first one of a kind; the first that fits counts.</summary>
    private static readonly Dictionary<string, string[]> SecondWords = new()
    {
        ["ACCESS"] = ["METHOD"],
        ["DEFAULT"] = ["PRIVILEGES"],
        ["EVENT"] = ["TRIGGER"],
        ["FOREIGN"] = ["TABLE", "DATA"],
        ["LARGE"] = ["OBJECT"],
        ["MATERIALIZED"] = ["VIEW"],
        ["OPERATOR"] = ["CLASS", "FAMILY"],
        ["TEXT"] = ["SEARCH"],
        ["USER"] = ["MAPPING"],
    };

    /// <summary>Whether the scanner stands on a word between CREATE and the kind of object.</summary>
    public static bool IsModifierOfCreate(in SqlScanner scanner)
    {
        foreach (var modifier in ModifiersOfCreate)
        {
            if (scanner.IsWord(modifier))
                return true;
        }
        return false;
    }

    /// <summary>The kind that begins where the scanner stands; "" where there is no word.</summary>
    public static string Read(ref SqlScanner scanner)
    {
        if (scanner.Kind != SqlTokenKind.Word)
            return "";
        var kind = StatementText.Upper(scanner.Text);
        if (SecondWords.TryGetValue(kind, out var seconds) && scanner.Read())
        {
            foreach (var second in seconds)
            {
                if (scanner.IsWord(second))
                    return WithThirdWord(ref scanner, $"{kind} {second}");
            }
        }
        // A user and a group are roles.
        return kind is "USER" or "GROUP" ? "ROLE" : kind;
    }

    private static string WithThirdWord(ref SqlScanner scanner, string kind) => kind switch
    {
        "FOREIGN DATA" => "FOREIGN DATA WRAPPER",
        "TEXT SEARCH" when scanner.Read() => "TEXT SEARCH " + StatementText.Upper(scanner.Text),
        _ => kind,
    };
}
