using System.Globalization;

namespace Kataven.Postgres.Embedded;

/// <summary>Makes the cluster when the folder has none yet.</summary>
internal static class InitialCluster
{
    /// <summary>C.UTF-8 sorts the same everywhere; systems without it have C.</summary>
    private static readonly string[] Locales = ["C.UTF-8", "C"];

    public static async Task MakeAsync(DataFolder folder, PostgresBinaries binaries, ServerUser user, bool fastUnsafe, CancellationToken cancellationToken)
    {
        var result = new CommandResult(0, "", "");
        foreach (var locale in Locales)
        {
            var target = await folder.EmptyUnfinishedClusterAsync(user, cancellationToken);
            result = await Command.RunAsync(
                user.CommandLine(
                    [
                        binaries.Initdb, "-D", target, "-U", EmbeddedPostgres.Superuser, $"--pwfile={folder.PasswordFile}",
                        "--auth=scram-sha-256", "--encoding=UTF8", $"--locale={locale}", .. fastUnsafe ? ["--no-sync"] : Array.Empty<string>(),
                    ]),
                cancellationToken);
            if (result.ExitCode == 0)
            {
                Directory.Move(target, folder.Cluster);
                return;
            }

            if (!result.Error.Contains("invalid locale", StringComparison.Ordinal))
            {
                break;
            }
        }

        throw new EmbeddedPostgresException($"initdb failed in '{folder.Root}': {Command.LastLines(result.Error, 8)}");
    }

    /// <summary>The major version that made the cluster; null when there is none yet.</summary>
    public static int? MajorVersion(DataFolder folder)
    {
        var file = Path.Combine(folder.Cluster, "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var major) ? major : null;
    }
}
