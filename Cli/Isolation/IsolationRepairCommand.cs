using System.CommandLine;
using Kataven.Cli.Accounts;
using Kataven.Cli.Help;
using Kataven.Cli.Http;

namespace Kataven.Cli.Isolation;

/// <summary><c>kataven isolation repair</c>: puts databases and roles of accounts in order, one after the other.</summary>
internal sealed class IsolationRepairCommand
{
    private readonly CliHost _host;
    private readonly AccountSelection _selection = new();

    private IsolationRepairCommand(CliHost host) => _host = host;

    public static Command Create(CliHost host)
    {
        var repair = new IsolationRepairCommand(host);
        var command = new CliCommand("repair", "Put the database and the role of accounts in order again.", "kataven isolation repair acme globex");
        repair._selection.AddTo(command);
        command.SetAction(repair.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var client = _host.Connect(parsed);
        var accounts = await _selection.ReadAsync(parsed, client, cancellationToken);
        var replies = await new AccountWalk(client, _host.Console.Error).RunAsync(
            accounts, HttpMethod.Post, "/isolation/repair", cancellationToken);
        var reports = replies.Where(static reply => reply.Fault is null).ToDictionary(static reply => reply.Account, static reply => AccountReport.Parse(reply.Answer));
        var server = reports.Values.Any(static report => report.Failed.Any())
            ? ServerReport.Parse(await ServerReport.ReadAsync(client, cancellationToken))
            : null;

        List<RunRow> rows = [.. replies.Select(reply => reply.Fault is { } fault ? RunRow.Failed(reply.Account, fault) : RowOf(reports[reply.Account], server))];
        RunRows.Write(_host.Writer(parsed), rows);
        return replies.Select(static reply => reply.Fault?.ExitCode ?? ExitCode.Ok)
            .Concat(rows.Select(static row => row.Outcome == "not_sound" ? ExitCode.NotSound : ExitCode.Ok))
            .DefaultIfEmpty(ExitCode.Ok)
            .Max();
    }

    private static RunRow RowOf(AccountReport report, ServerReport? server)
    {
        List<Check> failed = [.. report.Failed];
        return failed.Count == 0 ? new RunRow(report.AccountId, "repaired", null)
            : failed.TrueForAll(check => server!.Lacks(check)) ? new RunRow(report.AccountId, "repaired", $"cannot be had on this server: {Names(failed)}")
            : new RunRow(report.AccountId, "not_sound", Names(failed));
    }

    private static string Names(List<Check> checks) => string.Join(", ", checks.Select(static check => check.Name));
}
