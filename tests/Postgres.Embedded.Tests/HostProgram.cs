using System.Diagnostics;
using System.Globalization;
using Kataven.Testing;

namespace Kataven.Postgres.Embedded.Tests;

/// <summary>A program of its own that runs a server, to be ended in ways that this one could not survive.</summary>
internal sealed class HostProgram : IDisposable
{
    public const int Terminate = 15;

    private readonly Process _process;

    private HostProgram(Process process, string connectionString)
    {
        _process = process;
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    public static async Task<HostProgram> StartAsync(TemporaryFolder folder)
    {
        var file = folder.Path + ".connection";
        var program = Path.Combine(AppContext.BaseDirectory, "Kataven.Testing.Server.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, file, "10", folder.Path]) { RedirectStandardInput = true })!;
        try
        {
            await Eventually.Async(() => File.Exists(file) || process.HasExited, EmbeddedServer.Patience, "the host program has its server");
            return new HostProgram(process, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }

    public void Send(int signal) => Signal.Send(_process.Id, signal);

    /// <summary>All that shares the shell's session, but for the server itself.</summary>
    public void KillWithWatchers(int postmaster)
    {
        var session = Stat(postmaster)[3];
        foreach (var pid in Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture)))
        {
            if (pid != postmaster && Stat(pid) is [_, var parent, _, var own, ..] && own == session && parent != postmaster.ToString(CultureInfo.InvariantCulture))
            {
                Signal.Send(pid, Signal.Kill);
            }
        }

        Send(Signal.Kill);
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(EmbeddedServer.Patience, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        Send(Signal.Kill);
        _process.Dispose();
    }

    /// <summary>State, parent, group, session and the rest of a process; empty when it is gone.</summary>
    private static string[] Stat(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
