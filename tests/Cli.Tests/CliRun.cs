namespace Kataven.Cli.Tests;

/// <summary>One run of the command line in this process, and what came of it.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    public static Task<CliRun> AgainstAsync(FrontDoorStub server, params string[] args) => WithAsync(server, static c => c, args);

    public static Task<CliRun> OnTerminalAsync(FrontDoorStub server, params string[] args) =>
        WithAsync(server, static c => c with { OutIsTerminal = true, InIsTerminal = true }, args);

    public static Task<CliRun> WithAsync(FrontDoorStub server, Func<CliConsole, CliConsole> adjust, params string[] args) =>
        RunAsync(console => adjust(console) with { Variable = Variables(server.Address, adjust(console).Variable) }, args);

    public static async Task<CliRun> RunAsync(Func<CliConsole, CliConsole> adjust, params string[] args)
    {
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        var console = adjust(new CliConsole(new StringReader(""), stdout, stderr));
        var exitCode = await CliApp.RunAsync(args, console, TestContext.Current.CancellationToken);
        return new CliRun(exitCode, stdout.ToString(), stderr.ToString());
    }

    public static Func<string, string?> Variables(string server, Func<string, string?>? others = null) =>
        name => name == "KATAVEN_SERVER" ? server : others?.Invoke(name);
}
