using System.ComponentModel.DataAnnotations;

namespace Kataven.Grains.Backups;

/// <summary>Where backups are kept, for how long, and with which programs they are made.</summary>
public sealed class BackupOptions
{
    public const string Section = "Kataven:Backups";

    /// <summary>The folder, relative to the process's own; all silos have to see the same one. Not used where a bucket is named.</summary>
    [Required]
    public string Directory { get; set; } = "backups";

    /// <summary>The bucket that is used instead of the folder, where one is named.</summary>
    public S3Options S3 { get; set; } = new();

    /// <summary>How long a restore keeps the database that it replaced. Zero seconds to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan KeepReplaced { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long the backups of a deleted account are kept. Zero seconds to ten years.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan KeepDeleted { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often an account that has no schedule of its own is backed up; null for never. One minute to a year.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "366.00:00:00")]
    public TimeSpan? DefaultSchedule { get; set; }

    /// <summary>How often the newest backup of such an account is proved to restore; null for never. One hour to a year.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "366.00:00:00")]
    public TimeSpan? DefaultVerifyEvery { get; set; }

    /// <summary>How many of its scheduled backups such an account keeps.</summary>
    [Range(1, 1_000)]
    public int DefaultKeep { get; set; } = 7;

    /// <summary>Dumps and restores at a time, over the whole cluster: each reads or writes a database as fast as the server can.</summary>
    [Range(1, 64)]
    public int MaxParallel { get; set; } = 2;

    /// <summary>
    /// Bytes a second of a database that one restore, clone by dump or verification writes at most, so that it leaves the server to others.
    /// 1 MiB to 1 TiB, which no server does.
    /// </summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxRestoreRate { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// Bytes up to which a clone is PostgreSQL's own copy of the database, for which the account's requests wait; a larger one is dumped
    /// and restored. 0 to 1 TiB.
    /// </summary>
    [Range(0L, 1L << 40)]
    public long CloneByCopyUpTo { get; set; } = 32 * 1024 * 1024;

    /// <summary>How long one dump or one restore may take, what <see cref="MaxRestoreRate"/> makes it slower by not counted. An account's own code runs in a restore, and may never end. One minute to seven days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromHours(6);

    /// <summary>The folder of <c>pg_dump</c> and <c>pg_restore</c>; null searches for those of the server's version.</summary>
    public string? ToolsDirectory { get; set; }
}
