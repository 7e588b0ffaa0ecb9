using System.Diagnostics.CodeAnalysis;

namespace Kataven.Grains.Backups;

/// <summary>
/// What a backup is called in a store: two ids and nothing else, so that no name leads anywhere but into the store. By the
/// account's immutable id, since a slug can be another account's later.
/// </summary>
internal readonly record struct BackupName(Guid AccountUid, Guid BackupId)
{
    public const string Suffix = ".dump";

    public string Folder => AccountUid.ToString("N");

    public string File => BackupId.ToString("N") + Suffix;

    public override string ToString() => $"{Folder}/{File}";

    public static bool TryParse([NotNullWhen(true)] string? text, out BackupName name)
    {
        name = default;
        if (text?.Split('/') is not [var folder, var file] || !file.EndsWith(Suffix, StringComparison.Ordinal)
            || !Guid.TryParseExact(folder, "N", out var account) || !Guid.TryParseExact(file[..^Suffix.Length], "N", out var backup))
        {
            return false;
        }

        name = new BackupName(account, backup);
        // Guid reads upper case too, which would be another name for the same.
        return name.ToString() == text;
    }
}
