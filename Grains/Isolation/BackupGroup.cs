namespace Kataven.Grains.Isolation;

/// <summary>
/// The group of the roles that dump: one on the whole server, since what it may read is granted in the template that all systems
/// on a server share. Nobody logs in as it, and to be in it gives nothing of a database that one may not enter.
/// </summary>
internal static class BackupGroup
{
    public const string Name = "kataven_backup";

    /// <summary>Another system on the server may make it at the same moment.</summary>
    public const string Make = $"""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{Name}') THEN
                CREATE ROLE {Name} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
        """;
}
