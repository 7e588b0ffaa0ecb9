namespace Kataven.Grains.Backups;

/// <summary>Where an entry of an archive goes.</summary>
internal enum ArchivePart
{
    /// <summary>It is the service's own, or reaches beyond the database, or names the rights of another role.</summary>
    None,

    /// <summary>All of it has to succeed.</summary>
    Main,

    /// <summary>
    /// What comes last, and what the data does not need: policies and rights that the account gave, which may name a role that is gone by
    /// now, and what its materialized views are filled with, by code that may have been failing for long.
    /// </summary>
    Last,
}
