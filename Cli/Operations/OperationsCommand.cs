using System.CommandLine;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;
using Kataven.Cli.Http;

namespace Kataven.Cli.Operations;

/// <summary><c>kataven operations</c>: what the server does, or did, behind a <c>202</c>.</summary>
internal static class OperationsCommand
{
    private static readonly string[] TableColumns = ["operation_id", "kind", "account_id", "status", "progress", "started_at", "finished_at"];

    public static Command Create(CliHost host) =>
        new CliCommand("operations", "Backups, restores and clones under way.", "kataven operations list --status running")
        {
            List(host),
            Get(host),
            Wait(host),
        };

    private static CliCommand List(CliHost host)
    {
        var account = new Option<string?>("--account") { Description = "Only those of this account", HelpName = "SLUG" };
        var status = new Option<string?>("--status") { Description = "Only those with this status", HelpName = "running|succeeded|failed" };
        status.AcceptOnlyFromAmong("running", "succeeded", "failed");
        var command = new CliCommand("list", "List operations.", "kataven operations list --account acme --status failed")
        {
            account,
            status,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var query = QueryString.Of(("account", parsed.GetValue(account)), ("status", parsed.GetValue(status)));
            var answer = await client.AdminTextAsync(HttpMethod.Get, "/operations" + query, null, cancellationToken);
            host.Writer(parsed).WriteList(answer, "operations", TableColumns);
            return ExitCode.Ok;
        });
        return command;
    }

    private static CliCommand Get(CliHost host)
    {
        var id = IdArgument.Create("ID", "The operation");
        var command = new CliCommand("get", "Show one operation.", "kataven operations get 7f3c") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            host.Writer(parsed).WriteOne(
                await client.AdminTextAsync(HttpMethod.Get, $"/operations/{parsed.GetRequiredValue(id)}", null, cancellationToken));
            return ExitCode.Ok;
        });
        return command;
    }

    private static CliCommand Wait(CliHost host)
    {
        var id = IdArgument.Create("ID", "The operation");
        var command = new CliCommand("wait", "Stay until an operation has ended, and show how it gets on.", "kataven operations wait 7f3c") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var operation = await Operation.ReadAsync(client, parsed.GetRequiredValue(id), cancellationToken);
            return await OperationCall.WaitAsync(host, parsed, client, operation, cancellationToken);
        });
        return command;
    }
}
