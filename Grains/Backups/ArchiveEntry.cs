using System.Globalization;

namespace Kataven.Grains.Backups;

/// <summary>
/// A line of what <c>pg_restore --list</c> prints. Whoever made the archive wrote all of it but the number, and so could have given an
/// entry another's kind: what is left out by it is left out for convenience. What keeps an archive harmless is the role that restores it.
/// </summary>
/// <param name="Number">By which the program is told what to restore.</param>
/// <param name="Kind">As <c>TABLE</c>.</param>
/// <param name="Schema"><c>-</c> where it is in none.</param>
/// <param name="Tag">Its name, and its owner's behind it.</param>
internal sealed record ArchiveEntry(int Number, string Kind, string Schema, string Tag)
{
    /// <summary>Kinds of more than one word whose schema or name decides.</summary>
    private static readonly string[] LongKinds =
    [
        "DEFAULT ACL", "EVENT TRIGGER", "SECURITY LABEL", "DATABASE PROPERTIES", "PUBLICATION TABLES IN SCHEMA", "PUBLICATION TABLE", "SUBSCRIPTION TABLE",
        "PROCEDURAL LANGUAGE", "TABLE DATA", "STATISTICS DATA", "FK CONSTRAINT", "CHECK CONSTRAINT", "SEQUENCE SET", "SEQUENCE OWNED BY", "TABLE ATTACH",
        "INDEX ATTACH", "MATERIALIZED VIEW DATA", "MATERIALIZED VIEW", "ROW SECURITY",
    ];

    private static readonly string[] LeftOut =
    [
        "DATABASE", "DATABASE PROPERTIES", "EVENT TRIGGER", "PUBLICATION", "PUBLICATION TABLE", "PUBLICATION TABLES IN SCHEMA", "SUBSCRIPTION",
        "SUBSCRIPTION TABLE", "SECURITY LABEL", "STATISTICS DATA",
    ];

    private static readonly string[] CommentsLeftOut = ["DATABASE ", "EVENT TRIGGER ", "PUBLICATION ", "SUBSCRIPTION ", "EXTENSION plpgsql "];

    /// <summary>Null for a line that is no entry.</summary>
    public static ArchiveEntry? Parse(string line)
    {
        if (line.Split("; ", 2) is not [var number, var rest] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || rest.Split(' ', 3) is not [_, _, var said])
        {
            return null;
        }

        var kind = LongKinds.FirstOrDefault(kind => said.StartsWith(kind + " ", StringComparison.Ordinal)) ?? said.Split(' ')[0];
        return said.Length <= kind.Length ? null : said[(kind.Length + 1)..].Split(' ', 2) is [var schema, var tag]
            ? new ArchiveEntry(id, kind, schema, tag)
            : new ArchiveEntry(id, kind, "-", "");
    }

    public ArchivePart PartFor(bool sameRole) =>
        IsLeftOut || (!sameRole && IsGrant) ? ArchivePart.None
        : IsGrant || Kind is "POLICY" or "MATERIALIZED VIEW DATA" ? ArchivePart.Last
        : ArchivePart.Main;

    private bool IsGrant => Kind is "ACL" or "DEFAULT ACL";

    private bool IsLeftOut => LeftOut.Contains(Kind)
        || Schema is "_kataven" || (Schema is "-" && (Names("_kataven") || Names("SCHEMA _kataven")))
        || (Kind is "ACL" && (Schema is "pg_catalog" || Tag.StartsWith("DATABASE ", StringComparison.Ordinal)))
        || (Kind is "EXTENSION" or "PROCEDURAL LANGUAGE" && Names("plpgsql"))
        || (Kind is "COMMENT" && CommentsLeftOut.Any(tag => Tag.StartsWith(tag, StringComparison.Ordinal)));

    /// <summary>An owner stands behind the name, or nothing.</summary>
    private bool Names(string name) => Tag.StartsWith(name + " ", StringComparison.Ordinal) || Tag == name;
}
