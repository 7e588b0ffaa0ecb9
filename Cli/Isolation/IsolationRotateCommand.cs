using System.CommandLine;
using Kataven.Cli.Accounts;
using Kataven.Cli.Help;

namespace Kataven.Cli.Isolation;

/// <summary><c>kataven isolation rotate</c>: new passwords for the roles of accounts.</summary>
internal static class IsolationRotateCommand
{
    public static Command Create(CliHost host)
    {
        var selection = new AccountSelection();
        var command = new CliCommand("rotate", "Give the roles of accounts new passwords; no request fails.", "kataven isolation rotate --all");
        selection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var accounts = await selection.ReadAsync(parsed, client, cancellationToken);
            var replies = await new AccountWalk(client, host.Console.Error).RunAsync(
                accounts, HttpMethod.Post, "/credentials/rotation", cancellationToken);
            RunRows.Write(
                host.Writer(parsed),
                [.. replies.Select(static reply => reply.Fault is { } fault ? RunRow.Failed(reply.Account, fault) : new RunRow(reply.Account, "rotated", null))]);
            return replies.Select(static reply => reply.Fault?.ExitCode ?? ExitCode.Ok).DefaultIfEmpty(ExitCode.Ok).Max();
        });
        return command;
    }
}
