using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Kataven.Testing.Cluster;

/// <summary>One of the programs, as it was built beside this test.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ServiceProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <param name="program">Silo, Api or Standalone.</param>
    /// <param name="settings">Environment variables.</param>
    /// <param name="arguments">Of its command line.</param>
    public static ServiceProcess Start(string program, IEnumerable<KeyValuePair<string, string>> settings, params string[] arguments) =>
        Start(program, settings, LongestLife, arguments);

    /// <param name="program">Silo, Api or Standalone.</param>
    /// <param name="settings">Environment variables.</param>
    /// <param name="longestLife">Whatever becomes of who started it, it ends then.</param>
    /// <param name="arguments">Of its command line.</param>
    public static ServiceProcess Start(string program, IEnumerable<KeyValuePair<string, string>> settings, TimeSpan longestLife, params string[] arguments)
    {
        // The programs stand beside each other: artifacts/bin/<program>/<configuration>/.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var folder = Path.Combine(here.Parent!.Parent!.FullName, program, here.Name);
        var start = new ProcessStartInfo("timeout", ["--kill-after=5", $"{longestLife.TotalSeconds:0}", "dotnet", Path.Combine(folder, $"Kataven.{program}.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return new ServiceProcess(Process.Start(start)!);
    }

    /// <summary>SIGTERM, and how long the process took to end.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync();
        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>SIGKILL to the program alone: what it started is left to itself.</summary>
    public async Task KillAsync()
    {
        await SignalAsync("KILL");
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP to the program alone.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task WakeAsync() => SignalAsync("CONT");

    /// <summary>Whether the program's is the other end of a connection that a server sees come from this port.</summary>
    public bool HasPort(int port)
    {
        var inodes = new[] { "/proc/net/tcp", "/proc/net/tcp6" }.SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields is [_, var local, ..] && local.EndsWith($":{port:X4}", StringComparison.Ordinal))
            .Select(fields => $"socket:[{fields[9]}]").ToHashSet();
        return Directory.EnumerateFiles($"/proc/{ProgramId}/fd").Any(file => new FileInfo(file).LinkTarget is { } target && inodes.Contains(target));
    }

    /// <summary>What <c>timeout</c> started.</summary>
    private int ProgramId => int.Parse(File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Split(' ')[0], CultureInfo.InvariantCulture);

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{ProgramId}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
