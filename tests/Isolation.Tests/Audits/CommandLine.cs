using System.Text.Json;
using Kataven.Cli;
using Kataven.Testing.Service;

namespace Kataven.Isolation.Tests.Audits;

/// <summary>One run of <c>kataven isolation</c> against a running service, and what came of it.</summary>
internal sealed record CommandLine(int ExitCode, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public static async Task<CommandLine> IsolationAsync(ServiceFixture service, params string[] arguments)
    {
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        var exitCode = await CliApp.RunAsync(
            ["isolation", .. arguments, "--server", service.Address.ToString()],
            new CliConsole(TextReader.Null, stdout, stderr),
            TestContext.Current.CancellationToken);
        return new CommandLine(exitCode, stdout.ToString(), stderr.ToString());
    }
}
