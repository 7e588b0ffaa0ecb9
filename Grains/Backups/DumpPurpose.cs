namespace Kataven.Grains.Backups;

/// <summary>What a dump is made for.</summary>
internal enum DumpPurpose
{
    /// <summary>It is kept: as small as the program makes it by itself, and as fast as it goes.</summary>
    Backup,

    /// <summary>It is restored at once and removed: compressed a little, which takes a fraction of the work, and at the pace of restores.</summary>
    Clone,
}
