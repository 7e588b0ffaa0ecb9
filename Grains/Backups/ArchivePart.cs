namespace Kataven.Grains.Backups;

/// <summary>Where an entry of an archive goes.</summary>
internal enum ArchivePart
{
    /// <summary>It is the service's own, or reaches beyond the database, or names the rights of another role.</summary>
    None,

    /// <summary>All of it has to succeed.</summary>
    Main,

    /// <summary>Rights that the account gave: a role that they name may be gone by now, which is no reason to lose the data.</summary>
    Rights,
}
