using System.Diagnostics;

namespace Kataven.Postgres.Embedded;

/// <summary>One run of the server, under a shell that ends it with us.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>
    /// The shell's standard input is a pipe of which we hold the other end. The kernel closes it when we end, also by
    /// SIGKILL, and the watcher then asks for a fast shutdown. A parent-death signal would not do: it is tied to the
    /// thread that started the child, and the thread pool's come and go. The watcher is no child of the server, which
    /// takes a child that it does not know and that fails for a crash of its own.
    /// Each backend has 2 GiB of memory of its own at most: PostgreSQL has no limit, and one statement that takes all of the
    /// machine's has the kernel kill a backend, which restarts the server for everybody.
    /// </summary>
    private const string Script =
        """
        log=$1; socket=$2; shift 2
        exec 3<&0 </dev/null >>"$log" 2>&1
        ulimit -d 2097152
        "$@" 3<&- &
        server=$!
        ( read -r _ <&3; kill -INT "$server"; ) 2>/dev/null &
        watcher=$!
        exec 3<&-
        wait "$server"; status=$?
        kill "$watcher" 2>/dev/null
        case $socket in /tmp/kataven-socket-*) rmdir "$socket" 2>/dev/null ;; esac
        exit "$status"
        """;

    private static readonly TimeSpan Fast = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Immediate = TimeSpan.FromSeconds(5);

    private readonly Process _shell;
    private readonly DataFolder _folder;

    private ServerProcess(Process shell, DataFolder folder)
    {
        _shell = shell;
        _folder = folder;
    }

    public int Pid { get; private set; }

    public static async Task<ServerProcess> StartAsync(
        DataFolder folder, PostgresBinaries binaries, ServerUser user, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        await folder.BeginLogAsync(user, cancellationToken);

        // A session of its own: Ctrl-C goes to the whole group of the terminal, and the host has to drain before its database goes.
        string[] session = Command.Locate("setsid") is { } setsid ? [setsid] : [];
        var start = Command.StartInfo(
        [
            .. session,
            .. user.CommandLine(["/bin/sh", "-c", Script, "kataven-postgres", folder.Log, settings["unix_socket_directories"], binaries.Postgres, "-D", folder.Cluster]),
            .. settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" }),
        ]);
        start.RedirectStandardInput = true;
        return new ServerProcess(Command.Start(start), folder);
    }

    /// <summary>False when the server ended, or did not come up in time.</summary>
    public async Task<bool> BecameReadyAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        PostmasterFile? state = null;
        await Deadline.PollAsync(
            () => _shell.HasExited || (state = PostmasterFile.Read(_folder.Cluster)) is { IsReady: true },
            patience,
            cancellationToken);
        Pid = state?.Pid ?? 0;
        return state is { IsReady: true } && !_shell.HasExited;
    }

    public string LastLogLines() => File.Exists(_folder.Log) ? Command.LastLines(File.ReadAllText(_folder.Log), 8) : "";

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        if (!await EndedWithinAsync(Fast))
        {
            Send(Signal.Quit);
            if (!await EndedWithinAsync(Immediate))
            {
                Send(Signal.Kill);
                await EndedWithinAsync(Immediate);
            }
        }

        _shell.Dispose();
    }

    private Task<bool> EndedWithinAsync(TimeSpan patience) => Deadline.PollAsync(() => _shell.HasExited, patience, CancellationToken.None);

    private void Send(int signal)
    {
        if (PostmasterFile.Read(_folder.Cluster) is { } state)
        {
            Signal.Send(state.Pid, signal);
        }
    }
}
