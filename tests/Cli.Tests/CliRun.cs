using System.Text;

namespace Kataven.Cli.Tests;

/// <summary>One run of the command line in this process, and what came of it. Its pauses take no time.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    public static Task<CliRun> AgainstAsync(FrontDoorStub server, params string[] args) => WithAsync(server, static c => c, args);

    public static Task<CliRun> OnTerminalAsync(FrontDoorStub server, params string[] args) =>
        WithAsync(server, static c => c with { OutIsTerminal = true, InIsTerminal = true }, args);

    /// <summary>On a terminal where somebody types.</summary>
    public static async Task<CliRun> TypingAsync(FrontDoorStub server, string typed, params string[] args)
    {
        using var input = new StringReader(typed);
        return await WithAsync(server, c => c with { In = input, InIsTerminal = true }, args);
    }

    public static Task<CliRun> WithAsync(FrontDoorStub server, Func<CliConsole, CliConsole> adjust, params string[] args) =>
        RunAsync(AtServer(server, adjust), args);

    /// <summary>Somebody presses Ctrl-C when <paramref name="interruption"/> says so.</summary>
    public static Task<CliRun> InterruptedAsync(
        FrontDoorStub server, Func<CliConsole, CliConsole> adjust, string[] args, CancellationToken interruption) =>
        InvokeAsync(AtServer(server, adjust), args, interruption);

    public static Task<CliRun> RunAsync(Func<CliConsole, CliConsole> adjust, params string[] args) =>
        InvokeAsync(adjust, args, TestContext.Current.CancellationToken);

    private static Func<CliConsole, CliConsole> AtServer(FrontDoorStub server, Func<CliConsole, CliConsole> adjust) =>
        console => adjust(console) with { Variable = Variables(server.Address, adjust(console).Variable) };

    private static async Task<CliRun> InvokeAsync(Func<CliConsole, CliConsole> adjust, string[] args, CancellationToken interruption)
    {
        // Like the process's: what is not flushed is not written.
        using var written = new MemoryStream();
        await using var stdout = new StreamWriter(written);
        using var stderr = new StringWriter();
        var console = adjust(new CliConsole(new StringReader(""), stdout, stderr) { Time = new HurriedTime() });
        var exitCode = await CliApp.RunAsync(args, console, interruption);
        return new CliRun(exitCode, Encoding.UTF8.GetString(written.ToArray()), stderr.ToString());
    }

    /// <summary>With line ends of one kind.</summary>
    public string[] ErrorLines => Error.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static Func<string, string?> Variables(string server, Func<string, string?>? others = null) =>
        name => name == "KATAVEN_SERVER" ? server : others?.Invoke(name);
}
