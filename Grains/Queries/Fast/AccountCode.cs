using System.Collections.Frozen;
using Kataven.Grains.Queries.Text;

namespace Kataven.Grains.Queries.Fast;

/// <summary>
/// What in an account's database a text could reach that does more than read: names of functions of its own, of built-in ones that
/// leave something behind or tell of the session, and of views that use any of them. A text that names none may share a session.
/// </summary>
/// <param name="Names">As PostgreSQL has them.</param>
/// <param name="IsHidden">There is code that a text can reach without naming it: by an operator, a cast, a policy, a check.</param>
/// <param name="MayDefine">There are functions that could make others: what runs one may change all of this.</param>
internal sealed record AccountCode(FrozenSet<string> Names, bool IsHidden, bool MayDefine)
{
    /// <summary>Before the catalog was read: only what defines by its first word does.</summary>
    public static readonly AccountCode Unknown = new(FrozenSet<string>.Empty, true, false);

    /// <summary>PostgreSQL cuts a longer name off, in bytes of UTF-8.</summary>
    private const int LongestName = 63;

    public bool Equals(AccountCode? other) =>
        other is not null && IsHidden == other.IsHidden && MayDefine == other.MayDefine && Names.SetEquals(other.Names);

    public override int GetHashCode() => HashCode.Combine(Names.Count, IsHidden, MayDefine);

    public bool AllowsShared(string sql) => !IsHidden && NamesNone(sql, Names);

    /// <summary>Whether a statement can have changed what this says. A statement's own text decides; where in doubt it has.</summary>
    public bool MayBeChangedBy(string sql) => StatementText.FirstKeyword(sql) switch
    {
        "SELECT" or "VALUES" or "TABLE" => MayDefine && !AllowsShared(sql),
        // Triggers run without being named.
        "WITH" or "INSERT" or "UPDATE" or "DELETE" or "MERGE" => MayDefine,
        "" or "BEGIN" or "START" or "COMMIT" or "END" or "ROLLBACK" or "ABORT" or "SAVEPOINT" or "RELEASE" or "SET" or "RESET" or "SHOW"
            or "LISTEN" or "UNLISTEN" or "NOTIFY" or "DECLARE" or "FETCH" or "MOVE" or "CLOSE" or "DISCARD" or "DEALLOCATE" or "CHECKPOINT"
            or "VACUUM" or "LOCK" => false,
        _ => true,
    };

    public static bool NamesNone(string sql, FrozenSet<string> names)
    {
        var lookup = names.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> folded = stackalloc char[LongestName];
        var scanner = new SqlScanner(sql);
        while (scanner.Read())
        {
            switch (scanner.Kind)
            {
                case SqlTokenKind.Word when scanner.Text.Length > LongestName:
                case SqlTokenKind.QuotedIdentifier when scanner.Text.Length > LongestName || scanner.Text[0] != '"' || scanner.Text[1..^1].Contains('"'):
                    // Cut off, or with escapes: what it names is PostgreSQL's to say.
                    return false;
                case SqlTokenKind.Word when IsAscii(scanner.Text):
                    Fold(scanner.Text, folded);
                    if (lookup.Contains(folded[..scanner.Text.Length]))
                    {
                        return false;
                    }

                    break;
                case SqlTokenKind.QuotedIdentifier when IsAscii(scanner.Text):
                    if (lookup.Contains(scanner.Text[1..^1]))
                    {
                        return false;
                    }

                    break;
                case SqlTokenKind.Word or SqlTokenKind.QuotedIdentifier:
                    // Letters beyond ASCII may be cut off in their middle.
                    return false;
            }
        }

        return true;
    }

    private static bool IsAscii(ReadOnlySpan<char> text) => System.Text.Ascii.IsValid(text);

    private static void Fold(ReadOnlySpan<char> word, Span<char> folded)
    {
        for (var i = 0; i < word.Length; i++)
        {
            folded[i] = char.IsAsciiLetterUpper(word[i]) ? (char)(word[i] | 0x20) : word[i];
        }
    }
}
