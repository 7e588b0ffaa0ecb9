namespace Kataven.Postgres.Embedded;

/// <summary>Debian's package, for a fresh machine on which we are root.</summary>
internal static class PostgresPackage
{
    private static readonly Dictionary<string, string?> NonInteractive = new()
    {
        ["DEBIAN_FRONTEND"] = "noninteractive",
        ["UCF_FORCE_CONFFOLD"] = "1",
    };

    /// <exception cref="EmbeddedPostgresException">We may not install, or the installation failed.</exception>
    public static async Task InstallAsync(Action<string>? log, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess || Command.Locate("apt-get") is not { } aptGet)
        {
            throw new EmbeddedPostgresException(PostgresBinaries.Advice);
        }

        log?.Invoke("PostgreSQL is not installed: installing the package 'postgresql'.");
        await ForbidMainClusterAsync(cancellationToken);

        // An outdated list names versions that the mirror no longer has; without a network the installation itself tells.
        await Command.RunAsync([aptGet, "update"], cancellationToken, NonInteractive);
        var installation = await Command.RunAsync([aptGet, "install", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", "postgresql"], cancellationToken, NonInteractive);
        if (installation.ExitCode != 0)
        {
            throw new EmbeddedPostgresException($"{PostgresBinaries.Advice} The attempt to do so failed: {Command.LastLines(installation.Error, 5)}");
        }
    }

    /// <summary>The package would start a server of its own on port 5432, which nobody asked for.</summary>
    private static async Task ForbidMainClusterAsync(CancellationToken cancellationToken)
    {
        const string file = "/etc/postgresql-common/createcluster.conf";
        const string setting = "create_main_cluster";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var lines = File.Exists(file) ? await File.ReadAllLinesAsync(file, cancellationToken) : [];
        if (!lines.Any(line => line.TrimStart().StartsWith(setting, StringComparison.Ordinal)))
        {
            await File.AppendAllLinesAsync(file, [$"{setting} = false"], cancellationToken);
        }
    }
}
