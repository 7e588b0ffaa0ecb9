using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;
using Kataven.Cli.Output;

namespace Kataven.Cli.Accounts;

/// <summary><c>kataven accounts list</c>: one page, or with <c>--all</c> every page, one after the other.</summary>
internal sealed class AccountsListCommand
{
    private static readonly string[] TableColumns = ["account_id", "account_name", "status", "org_id", "created_at"];

    private readonly CliHost _host;
    private readonly Option<string?> _status = new("--status") { Description = "Only those with this status", HelpName = "STATUS" };
    private readonly Option<string?> _query = new("--query", "-q") { Description = "Only those whose slug or name has this in it", HelpName = "TEXT" };
    private readonly Option<bool> _behind = new("--behind") { Description = "Only those whose version is below the newest migration" };
    private readonly Option<TimeSpan?> _backupOlderThan = SpanOption.Create("--backup-older-than", "Only those whose last backup is older, or that have none");
    private readonly Option<string?> _after = new("--after") { Description = "Begin after this slug", HelpName = "SLUG" };
    private readonly Option<int?> _limit = new("--limit") { Description = $"Accounts a page (at most {AccountPages.Largest})", HelpName = "N" };
    private readonly Option<bool> _all = new("--all") { Description = "Follow the pages to the end" };

    private AccountsListCommand(CliHost host) => _host = host;

    public static Command Create(CliHost host)
    {
        var list = new AccountsListCommand(host);
        var command = new CliCommand("list", "List accounts by slug.", "kataven accounts list --status suspended --all --output csv")
        {
            list._status,
            list._query,
            list._behind,
            list._backupOlderThan,
            list._after,
            list._limit,
            list._all,
        };
        command.SetAction(list.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var client = _host.Connect(parsed);
        var writer = _host.Writer(parsed);
        var pages = new AccountPages(client);
        var filter = new AccountFilter(
            parsed.GetValue(_status), parsed.GetValue(_query), parsed.GetValue(_behind), parsed.GetValue(_backupOlderThan));
        var (after, limit) = (parsed.GetValue(_after), parsed.GetValue(_limit));
        if (parsed.GetValue(_all))
            WriteAll(writer, await pages.ReadAllAsync(filter, after, limit, cancellationToken));
        else
            writer.WriteList(await pages.ReadAsync(filter, after, limit, cancellationToken), "accounts", TableColumns);

        return ExitCode.Ok;
    }

    /// <summary>As JSON it is one document of the form that a page has.</summary>
    private static void WriteAll(AnswerWriter writer, List<JsonElement> accounts)
    {
        if (writer.Form == OutputForm.Json)
            writer.WriteText(new JsonObject { ["accounts"] = new JsonArray([.. accounts.Select(static a => JsonNode.Parse(a.GetRawText()))]) }.ToJsonString());
        else
            writer.WriteRows(accounts, TableColumns, footer: []);
    }
}
