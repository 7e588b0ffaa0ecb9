namespace Kataven.Grains.Backups;

/// <summary>A folder with <c>pg_dump</c> and <c>pg_restore</c> of one major version.</summary>
internal sealed record PgToolset(string Directory)
{
    public static readonly string[] Programs = ["pg_dump", "pg_restore"];

    public string Dump => Path.Combine(Directory, Programs[0]);

    public string Restore => Path.Combine(Directory, Programs[1]);

    public bool Exists => File.Exists(Dump) && File.Exists(Restore);
}
