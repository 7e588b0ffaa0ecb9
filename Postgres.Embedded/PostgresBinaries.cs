using System.Globalization;

namespace Kataven.Postgres.Embedded;

/// <summary>A folder with the programs of one PostgreSQL version.</summary>
public sealed record PostgresBinaries
{
    /// <summary>The environment variable that names a folder and ends the search.</summary>
    public const string Variable = "KATAVEN_POSTGRES_BIN";

    internal const string Advice =
        "PostgreSQL is not installed: install the package 'postgresql' (14 or newer), or name the folder that holds initdb, postgres and pg_ctl in " + Variable + ".";

    private const string DebianRoot = "/usr/lib/postgresql";
    private static readonly string[] Programs = ["initdb", "postgres", "pg_ctl"];

    private PostgresBinaries(string directory) => Directory = directory;

    public string Directory { get; }

    internal string Initdb => Path.Combine(Directory, "initdb");

    internal string Postgres => Path.Combine(Directory, "postgres");

    /// <summary>Those of a folder that is named.</summary>
    /// <exception cref="EmbeddedPostgresException">The folder lacks a program.</exception>
    public static PostgresBinaries In(string directory) => IsComplete(directory)
        ? new PostgresBinaries(Path.GetFullPath(directory))
        : throw new EmbeddedPostgresException($"'{directory}' lacks one of {string.Join(", ", Programs)}.");

    /// <summary>The folder named by <see cref="Variable"/>, else Debian's newest, else the first on the PATH; null when there is none.</summary>
    /// <exception cref="EmbeddedPostgresException">The variable names a folder that lacks a program.</exception>
    public static PostgresBinaries? Find() => Find(Environment.GetEnvironmentVariable);

    /// <summary>As <see cref="Find()"/>; installs Debian's package when there is none and root may.</summary>
    /// <exception cref="EmbeddedPostgresException">There are none and they could not be installed; the message says what to install.</exception>
    public static async Task<PostgresBinaries> FindOrInstallAsync(Action<string>? log = null, CancellationToken cancellationToken = default)
    {
        if (Find() is { } found)
        {
            return found;
        }

        await PostgresPackage.InstallAsync(log, cancellationToken);
        return Find() ?? throw new EmbeddedPostgresException(Advice);
    }

    internal static PostgresBinaries? Find(Func<string, string?> variable, string debianRoot = DebianRoot)
    {
        if (variable(Variable) is { Length: > 0 } named)
        {
            return IsComplete(named)
                ? new PostgresBinaries(Path.GetFullPath(named))
                : throw new EmbeddedPostgresException($"{Variable} is '{named}', where one of {string.Join(", ", Programs)} is missing.");
        }

        var onPath = (variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var directory = Installed(debianRoot).Select(version => version.Bin).Concat(onPath).FirstOrDefault(IsComplete);
        return directory is null ? null : new PostgresBinaries(directory);
    }

    /// <summary>The data of a major version can be opened by its own binaries alone.</summary>
    internal static PostgresBinaries? OfMajor(int major) => Installed(DebianRoot)
        .Where(version => version.Major == major && IsComplete(version.Bin))
        .Select(version => new PostgresBinaries(version.Bin))
        .FirstOrDefault();

    /// <summary>What <c>postgres --version</c> says, for example 15.14; a beta's is its major version.</summary>
    internal async Task<Version> VersionAsync(CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync([Postgres, "--version"], cancellationToken);
        var text = result.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries).SkipWhile(word => word != "(PostgreSQL)").ElementAtOrDefault(1) ?? "";
        var digits = string.Concat(text.Trim().TakeWhile(c => char.IsAsciiDigit(c) || c == '.')).Trim('.');
        return Version.TryParse(digits.Contains('.', StringComparison.Ordinal) ? digits : digits + ".0", out var version)
            ? version
            : throw new EmbeddedPostgresException($"{Postgres} --version answered '{result.Output.Trim()}{result.Error.Trim()}'.");
    }

    private static IEnumerable<(int Major, string Bin)> Installed(string root) =>
        System.IO.Directory.Exists(root)
            ? System.IO.Directory.GetDirectories(root)
                .Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _))
                .Select(folder => (Major: int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), Bin: Path.Combine(folder, "bin")))
                .OrderByDescending(version => version.Major)
            : [];

    /// <summary>Links are followed: those of a removed version stay behind on the PATH.</summary>
    private static bool IsComplete(string directory) => Programs
        .Select(program => new FileInfo(Path.Combine(directory, program)))
        .All(file => file.Exists && (file.ResolveLinkTarget(returnFinalTarget: true)?.Exists ?? true));
}
