namespace Kataven.Backups;

/// <summary>Why a backup was made, as the table and the answers spell it.</summary>
public static class BackupReason
{
    public const string Manual = "manual";
    public const string Scheduled = "scheduled";

    /// <summary>Before its account was deleted.</summary>
    public const string Last = "last";
}
