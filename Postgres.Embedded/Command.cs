using System.ComponentModel;
using System.Diagnostics;

namespace Kataven.Postgres.Embedded;

/// <summary>Runs a program to its end and keeps what it printed.</summary>
internal static class Command
{
    /// <summary>Root's programs are not on every user's PATH.</summary>
    private static readonly string[] SystemFolders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>Passwords of the host stand in its environment, and libpq's variables would change what the programs do: only these pass.</summary>
    private static readonly string[] Inherited = ["PATH", "LD_LIBRARY_PATH", "TZ", "http_proxy", "https_proxy"];

    public static async Task<CommandResult> RunAsync(
        IReadOnlyList<string> commandLine, CancellationToken cancellationToken, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = StartInfo(commandLine, environment);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Start(start);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    public static ProcessStartInfo StartInfo(IReadOnlyList<string> commandLine, IReadOnlyDictionary<string, string?>? environment = null)
    {
        // The current folder may be one that the server's user cannot enter.
        var start = new ProcessStartInfo(commandLine[0], commandLine.Skip(1)) { WorkingDirectory = "/" };
        foreach (var name in start.Environment.Keys.Except(Inherited).ToList())
        {
            start.Environment.Remove(name);
        }

        // Messages are searched for words, so they must be English.
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <exception cref="EmbeddedPostgresException">There is no such program, or it may not be run.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new EmbeddedPostgresException($"'{start.FileName}' cannot be run: {failure.Message}", failure);
        }
    }

    public static string? Locate(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(SystemFolders)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    public static string LastLines(string text, int count) =>
        string.Join('\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(count));
}
