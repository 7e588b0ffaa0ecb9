using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kataven.Cli.Accounts;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;
using Kataven.Cli.Http;
using Kataven.Cli.Output;

namespace Kataven.Cli.Migrations;

/// <summary><c>kataven migrate plan</c>: which accounts are behind, or what a run would do to those that are named. Changes nothing.</summary>
internal sealed class MigratePlanCommand
{
    private const int AccountsAtOnce = 4;
    private static readonly string[] TableColumns = ["account_id", "account_name", "version", "schema_version"];

    private readonly CliHost _host;
    private readonly Argument<string[]> _accounts = AccountArgument.CreateMany("SLUG");
    private readonly Option<long?> _target = CreateTarget();
    private readonly Option<bool> _schema = new("--schema") { Description = "Also compare the schema of each with what its migrations make" };

    private MigratePlanCommand(CliHost host) => _host = host;

    public static Option<long?> CreateTarget() => new("--target") { Description = "Up to this migration (the newest)", HelpName = "N" };

    public static Command Create(CliHost host)
    {
        var plan = new MigratePlanCommand(host);
        var command = new CliCommand(
            "plan", "Show which accounts are behind, or what would be applied to some. Changes nothing.", "kataven migrate plan acme globex --target 12")
        {
            plan._accounts,
            plan._target,
            plan._schema,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(plan._schema) && result.GetValue(plan._accounts) is not { Length: > 0 })
                result.AddError("--schema makes a database for each account that it looks at: name those.");
        });
        command.SetAction(plan.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var client = _host.Connect(parsed);
        return parsed.GetValue(_accounts) is { Length: > 0 } accounts
            ? await PlanAsync(client, parsed, [.. accounts.Distinct()], cancellationToken)
            : await ListAsync(client, parsed, cancellationToken);
    }

    private async Task<int> PlanAsync(KatavenClient client, ParseResult parsed, string[] accounts, CancellationToken cancellationToken)
    {
        var walk = new AccountWalk(client, _host.Console.Error);
        var query = QueryString.Of(("schema", parsed.GetValue(_schema) ? "true" : null));
        var now = await walk.RunAsync(accounts, HttpMethod.Get, "/migrations" + query, cancellationToken);
        var dryRun = await walk.RunAsync(
            [.. now.Where(static reply => reply.Fault is null).Select(static reply => reply.Account)],
            HttpMethod.Post,
            "/migrations",
            cancellationToken,
            () => MigrateRunCommand.Body(parsed.GetValue(_target), isDryRun: true));
        var found = now.ToDictionary(static reply => reply.Account);
        var rows = dryRun.Where(static reply => reply.Fault is null).SelectMany(reply => PlanRow.Of(
            reply.Account, AccountMigrations.Parse(found[reply.Account].Answer), AppliedMigrations.Parse(reply.Answer)));
        _host.Writer(parsed).WriteMade("plan", [.. rows.Select(static row => row.ToJson())]);
        return ExitCodeOf(now.Concat(dryRun));
    }

    private async Task<int> ListAsync(KatavenClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        var scripts = await KnownScripts.ReadAsync(client, cancellationToken);
        var target = scripts.Target(parsed.GetValue(_target));
        var accounts = await new AccountPages(client).ReadAllAsync(new AccountFilter(Behind: true), after: null, limit: null, cancellationToken);
        var exitCode = ExitCode.Ok;
        if (target != scripts.Newest)
            (accounts, exitCode) = await BehindAsync(client, accounts, target!.Version, cancellationToken);

        Write(_host.Writer(parsed), target, accounts);
        return exitCode;
    }

    /// <summary>The server lists those that are behind the newest, so each of them is asked how far it is.</summary>
    private async Task<(List<JsonElement> Accounts, int ExitCode)> BehindAsync(
        KatavenClient client, List<JsonElement> accounts, long target, CancellationToken cancellationToken)
    {
        var replies = await new AccountWalk(client, _host.Console.Error, AccountsAtOnce).RunAsync(
            [.. accounts.Select(AccountPages.SlugOf)], HttpMethod.Get, "/migrations", cancellationToken);
        var behind = replies
            .Where(reply => reply.Fault is null && AccountMigrations.Parse(reply.Answer).Version < target)
            .Select(static reply => reply.Account)
            .ToHashSet();
        return ([.. accounts.Where(account => behind.Contains(AccountPages.SlugOf(account)))], ExitCodeOf(replies));
    }

    private static void Write(AnswerWriter writer, Script? target, List<JsonElement> accounts)
    {
        if (writer.Form == OutputForm.Json)
        {
            writer.WriteText(new JsonObject
            {
                ["target"] = target?.Version,
                ["description"] = target?.Description,
                ["accounts"] = new JsonArray([.. accounts.Select(static account => JsonNode.Parse(account.GetRawText()))]),
            }.ToJsonString());
            return;
        }

        writer.WriteRows(accounts, TableColumns, [target is null ? "There are no migrations." : $"behind migration {target.Version}: {target.Description}"]);
    }

    private static int ExitCodeOf(IEnumerable<AccountReply> replies) =>
        replies.Select(static reply => reply.Fault?.ExitCode ?? ExitCode.Ok).DefaultIfEmpty(ExitCode.Ok).Max();
}
