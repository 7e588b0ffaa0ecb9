using System.Collections.Concurrent;
using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Backups;

/// <summary>
/// Finds the programs of the server's own major version: an older <c>pg_dump</c> refuses a newer server, and what a newer one
/// writes an older <c>pg_restore</c> may not read.
/// </summary>
internal sealed partial class PgTools(IOptions<BackupOptions> options)
{
    /// <summary>Names the folder of the private server's programs, which has these as well where they were installed.</summary>
    private const string Variable = "KATAVEN_POSTGRES_BIN";

    private readonly ConcurrentDictionary<int, PgToolset> _found = new();

    /// <exception cref="PgToolException">There are none of that version; the message says where was looked.</exception>
    public async Task<PgToolset> FindAsync(int major, CancellationToken cancellation)
    {
        if (_found.TryGetValue(major, out var known))
        {
            return known;
        }

        var looked = new List<string>();
        foreach (var folder in Folders(major).Where(folder => folder.Length > 0).Distinct())
        {
            var toolset = new PgToolset(folder);
            if (toolset.Exists)
            {
                var versions = new[] { await MajorAsync(toolset.Dump, cancellation).ConfigureAwait(false), await MajorAsync(toolset.Restore, cancellation).ConfigureAwait(false) };
                if (versions.All(version => version == major))
                {
                    return _found.GetOrAdd(major, toolset);
                }

                looked.Add($"{folder} has version {string.Join(" and ", versions.Distinct().Select(version => version?.ToString(CultureInfo.InvariantCulture) ?? "none"))}");
            }
        }

        throw new PgToolException(
            $"Backups need pg_dump and pg_restore of PostgreSQL {major}, the server's version: install the package postgresql-client-{major}, or name their folder in "
            + $"Kataven:Backups:ToolsDirectory ({(looked.Count > 0 ? string.Join("; ", looked) : "none of any version was found")}).");
    }

    private IEnumerable<string> Folders(int major) => options.Value.ToolsDirectory is { Length: > 0 } named
        ? [named]
        :
        [
            Environment.GetEnvironmentVariable(Variable) ?? "",
            $"/usr/lib/postgresql/{major}/bin",
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
        ];

    /// <summary>Null where it does not say one.</summary>
    private static async Task<int?> MajorAsync(string program, CancellationToken cancellation)
    {
        try
        {
            await using var process = PgProcess.Start(program, ["--version"]);
            process.CloseInput();
            using var reader = new StreamReader(process.Output);
            var said = await reader.ReadToEndAsync(cancellation).ConfigureAwait(false);
            await process.WaitAsync(cancellation).ConfigureAwait(false);
            return Version().Match(said) is { Success: true } version ? int.Parse(version.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
