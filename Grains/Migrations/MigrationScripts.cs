using System.Security.Cryptography;
using System.Text;
using Kataven.Errors;
using Kataven.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Migrations;

/// <summary>The scripts, as they were at the start, in the order of their numbers.</summary>
internal sealed class MigrationScripts
{
    public MigrationScripts(IOptions<MigrationOptions> options, IConfiguration configuration, IHostEnvironment environment)
        : this(Read(options.Value, configuration, environment) is (var scripts, [])
            ? scripts
            : throw new InvalidOperationException("The migrations changed between their check and their reading. Start again."))
    {
    }

    public MigrationScripts(IReadOnlyList<MigrationScript> scripts) => All = scripts;

    public IReadOnlyList<MigrationScript> All { get; }

    public IEnumerable<MigrationEntry> Entries => All.Select(script => script.Entry);

    /// <summary>Null for the newest, or why there is no such target.</summary>
    public Refusal? RefusalOf(int? target) => target is null || All.Any(script => script.Version == target)
        ? null
        : Refusal.Of(ErrorCode.InvalidRequest, "target: there is no migration of this version.");

    /// <summary>Tells one set of scripts from another.</summary>
    public static string ChecksumOf(IEnumerable<MigrationScript> scripts) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join('\n', scripts.Select(script => $"{script.Version} {script.Checksum}")))));

    /// <summary>A default folder that is missing has no scripts; one that somebody named is a mistake.</summary>
    public static (IReadOnlyList<MigrationScript> Scripts, IReadOnlyList<string> Faults) Read(
        MigrationOptions options, IConfiguration configuration, IHostEnvironment environment) =>
        MigrationFolder.Read(
            Path.GetFullPath(options.Directory, Path.GetFullPath(environment.ContentRootPath)),
            isRequired: configuration[$"{MigrationOptions.Section}:{nameof(MigrationOptions.Directory)}"] is not null);
}
