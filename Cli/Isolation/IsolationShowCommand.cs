using System.CommandLine;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;
using Kataven.Cli.Http;

namespace Kataven.Cli.Isolation;

/// <summary><c>kataven isolation show</c>: the checks of one account.</summary>
internal static class IsolationShowCommand
{
    public static Command Create(CliHost host)
    {
        var account = AccountArgument.Create();
        var command = new CliCommand("show", "Show what was checked of one account.", "kataven isolation show acme") { account };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            using var response = await client.AdminAsync(
                HttpMethod.Get, $"/accounts/{parsed.GetRequiredValue(account)}/isolation", null, cancellationToken);
            var answer = await KatavenClient.ReadAsync(response, cancellationToken);
            List<Check> failed = [.. AccountReport.Parse(answer).Failed];
            host.Writer(parsed).WriteList(answer, "findings");
            return failed.Count == 0 || failed.TrueForAll(ServerReport.Parse(await ServerReport.ReadAsync(client, cancellationToken)).Lacks)
                ? ExitCode.Ok
                : ExitCode.NotSound;
        });
        return command;
    }
}
