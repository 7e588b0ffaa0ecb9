namespace Kataven.Backups;

/// <summary>How often an account is backed up by itself, and how many of these backups are kept.</summary>
/// <param name="Every">One minute at least.</param>
/// <param name="Keep">1 to 10,000; older ones are removed.</param>
/// <param name="VerifyEvery">How often the newest one is proved to restore: one hour at least, or null for never.</param>
[GenerateSerializer, Immutable, Alias("kataven.BackupSchedule")]
public sealed record BackupSchedule([property: Id(0)] TimeSpan Every, [property: Id(1)] int Keep, [property: Id(2)] TimeSpan? VerifyEvery)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public static readonly TimeSpan ShortestVerification = TimeSpan.FromHours(1);

    public const int MostKept = 10_000;
}
