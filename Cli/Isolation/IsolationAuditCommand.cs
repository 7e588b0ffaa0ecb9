using System.CommandLine;
using System.Text.Json.Nodes;
using Kataven.Cli.Accounts;
using Kataven.Cli.Help;
using Kataven.Cli.Output;

namespace Kataven.Cli.Isolation;

/// <summary><c>kataven isolation audit</c>: the server as a whole, then every active account.</summary>
internal sealed class IsolationAuditCommand
{
    // Each looks into a database on a connection of its own.
    private const int AccountsAtOnce = 4;

    private readonly CliHost _host;
    private readonly Option<bool> _all = new("--all") { Description = "Show also what is as it should be" };
    private readonly Option<bool> _serverOnly = new("--server-only") { Description = "Do not look into the accounts' databases" };
    private readonly Option<bool> _strict = new("--strict") { Description = $"Leave with {ExitCode.NotSound} for settings and missing protections too" };

    private IsolationAuditCommand(CliHost host) => _host = host;

    public static Command Create(CliHost host)
    {
        var audit = new IsolationAuditCommand(host);
        var command = new CliCommand(
            "audit", "Look over the server and every active account; show what is wrong.", "kataven isolation audit --strict --output json")
        {
            audit._all,
            audit._serverOnly,
            audit._strict,
        };
        command.SetAction(audit.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var client = _host.Connect(parsed);
        var serverAnswer = await ServerReport.ReadAsync(client, cancellationToken);
        var server = ServerReport.Parse(serverAnswer);
        IReadOnlyList<string> accounts = parsed.GetValue(_serverOnly) ? [] : await AccountSelection.ActiveAsync(client, cancellationToken);
        var replies = await new AccountWalk(client, _host.Console.Error, AccountsAtOnce).RunAsync(
            accounts, HttpMethod.Get, "/isolation", cancellationToken);

        var audit = new Audited(server, replies, accounts.Count);
        var writer = _host.Writer(parsed);
        var showAll = parsed.GetValue(_all);
        if (writer.Form == OutputForm.Json)
            writer.WriteText(audit.ToJson(JsonNode.Parse(serverAnswer), showAll).ToJsonString());
        else
            writer.WriteRows([.. audit.Shown(showAll).Select(row => Labelled(row, writer.Form).ToJson())], only: null, [audit.Summary]);

        return audit.ExitCodeOf(parsed.GetValue(_strict));
    }

    /// <summary>For a reader the server has a name, which no account can have.</summary>
    private static AuditRow Labelled(AuditRow row, OutputForm form) =>
        form == OutputForm.Table && row.AccountId is null ? row with { AccountId = "(server)" } : row;
}
