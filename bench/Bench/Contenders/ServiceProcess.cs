using System.Diagnostics;
using System.Globalization;

namespace Kataven.Bench.Contenders;

/// <summary>
/// A program that runs until it is told to stop, its output in <c>artifacts/bench/logs</c>. The shell around it stops it when
/// its own input ends, and so also when this process dies without a word.
/// </summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const string Keeper = """
        log=$1; shift
        "$@" >"$log" 2>&1 </dev/null &
        id=$!
        trap '' INT TERM HUP
        echo $id
        read -r end
        kill -TERM $id 2>/dev/null
        tries=0
        while kill -0 $id 2>/dev/null && [ $tries -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
        kill -KILL $id 2>/dev/null
        exit 0
        """;

    private readonly Process _keeper;

    private ServiceProcess(Process keeper, int id) => (_keeper, Id) = (keeper, id);

    public int Id { get; }

    public bool HasEnded => !Directory.Exists($"/proc/{Id}") || File.ReadAllText($"/proc/{Id}/stat").Contains(") Z ", StringComparison.Ordinal);

    public static async Task<ServiceProcess> StartAsync(
        string name, string program, IEnumerable<string> arguments, Dictionary<string, string> environment, CancellationToken cancellation)
    {
        var logs = Directory.CreateDirectory(Path.Combine("artifacts", "bench", "logs")).FullName;
        var start = new ProcessStartInfo("/bin/sh", ["-c", Keeper, "keeper", Path.Combine(logs, name + ".log"), program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        var keeper = Process.Start(start)!;
        var id = int.Parse(await keeper.StandardOutput.ReadLineAsync(cancellation) ?? "0", CultureInfo.InvariantCulture);
        return new ServiceProcess(keeper, id);
    }

    /// <summary>Ends it at once, as a crash does (SIGKILL), and returns when it is gone.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        using (var process = Process.GetProcessById(Id))
        {
            process.Kill();
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!HasEnded)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
    }
}
