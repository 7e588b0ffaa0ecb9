using System.Diagnostics;
using System.Text;

namespace Kataven.Grains.Backups;

/// <summary>A program of PostgreSQL's that runs, and does not outlive this.</summary>
internal sealed class PgProcess : IAsyncDisposable
{
    private const int ErrorTail = 4 * 1024;

    /// <summary>
    /// Of the service's own environment, where passwords stand, and libpq's variables, which change what the programs do: only
    /// these pass.
    /// </summary>
    private static readonly string[] Inherited = ["PATH", "LD_LIBRARY_PATH", "TZ", "TMPDIR"];

    private readonly Process _process;
    private readonly Task<string> _error;

    private PgProcess(Process process)
    {
        _process = process;
        _error = TailAsync(process.StandardError.BaseStream);
    }

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Input => _process.StandardInput.BaseStream;

    public static PgProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var name in start.Environment.Keys.Except(Inherited).ToList())
        {
            start.Environment.Remove(name);
        }

        // What they say is searched for words.
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        GiveWay(process);
        return new PgProcess(process);
    }

    public void CloseInput()
    {
        try
        {
            Input.Dispose();
        }
        catch (IOException)
        {
            // It has ended, and says why.
        }
    }

    /// <summary>Its exit code and the end of what it said, once it has ended.</summary>
    public async Task<(int ExitCode, string Error)> WaitAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return (_process.ExitCode, await _error.WaitAsync(cancellation).ConfigureAwait(false));
    }

    /// <exception cref="PgToolException">It failed.</exception>
    public async Task SucceedAsync(CancellationToken cancellation)
    {
        var (exitCode, error) = await WaitAsync(cancellation).ConfigureAwait(false);
        if (exitCode != 0)
        {
            throw PgToolException.Failed(Path.GetFileName(_process.StartInfo.FileName), exitCode, error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().ConfigureAwait(false);
        }

        CloseInput();
        _process.Dispose();
    }

    /// <summary>Whatever it packs or unpacks, requests come first.</summary>
    private static void GiveWay(Process process)
    {
        try
        {
            process.PriorityClass = ProcessPriorityClass.Idle;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended already.
        }
    }

    private static async Task<string> TailAsync(Stream stream)
    {
        var (tail, buffer) = (new byte[ErrorTail], new byte[ErrorTail]);
        var filled = 0;
        try
        {
            while (await stream.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var read)
            {
                var kept = Math.Min(filled, ErrorTail - read);
                tail.AsSpan(filled - kept, kept).CopyTo(tail);
                buffer.AsSpan(0, read).CopyTo(tail.AsSpan(kept));
                filled = kept + read;
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Nobody waits for it any more.
        }

        return Encoding.UTF8.GetString(tail, 0, filled);
    }
}
