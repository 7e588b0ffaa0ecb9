namespace Kataven.Grains.Tests.Backups;

/// <summary>Programs that have the names of PostgreSQL's.</summary>
internal static class FakeTools
{
    public static void Make(string folder, string version, string dump = "", string? restoreVersion = null)
    {
        Write(Path.Combine(folder, "pg_dump"), $"[ \"$1\" = --version ] && echo 'pg_dump (PostgreSQL) {version}' && exit 0\n{dump}");
        Write(Path.Combine(folder, "pg_restore"), $"echo 'pg_restore (PostgreSQL) {restoreVersion ?? version}'");
    }

    private static void Write(string path, string script)
    {
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
