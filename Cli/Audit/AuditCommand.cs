using System.CommandLine;
using Kataven.Cli.Help;
using Kataven.Cli.Http;

namespace Kataven.Cli.Audit;

/// <summary><c>kataven audit</c>: who changed what, when, and how it ended.</summary>
internal static class AuditCommand
{
    public static Command Create(CliHost host)
    {
        var account = new Option<string?>("--account") { Description = "Only what concerns this account", HelpName = "ACCOUNT" };
        var after = new Option<string?>("--after") { Description = "Only what follows this entry (the 'next' of the page before)", HelpName = "ENTRY" };
        var command = new CliCommand("audit", "The log of changes: who, what, when, outcome.", "kataven audit --account acme")
        {
            account,
            after,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var query = QueryString.Of(("account", parsed.GetValue(account)), ("after", parsed.GetValue(after)));
            using var response = await client.AdminAsync(HttpMethod.Get, "/audit" + query, null, cancellationToken);
            host.Writer(parsed).WriteList(await KatavenClient.ReadAsync(response, cancellationToken), "entries");
            return ExitCode.Ok;
        });
        return command;
    }
}
