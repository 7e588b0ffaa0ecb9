using System.CommandLine;
using System.Text.Json.Nodes;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;
using Kataven.Cli.Http;

namespace Kataven.Cli.Accounts;

/// <summary><c>kataven accounts</c>.</summary>
internal static class AccountsCommand
{
    public static Command Create(CliHost host) =>
        new CliCommand("accounts", "Accounts: list, create, suspend, delete.", "kataven accounts list")
        {
            AccountsListCommand.Create(host),
            CreateAccount(host),
            Show(host),
            Suspend(host),
            Resume(host),
            AccountsDeleteCommand.Create(host),
        };

    private static CliCommand CreateAccount(CliHost host)
    {
        var account = AccountArgument.Create("SLUG");
        var name = new Option<string>("--name") { Description = "The account's name", HelpName = "NAME", Required = true };
        var org = new Option<string?>("--org-id") { Description = "Bind it to this organisation of the token issuer", HelpName = "ID" };
        var fromBackup = new Option<string?>("--from-backup") { Description = "Begin with the data of this backup", HelpName = "BACKUP" };
        var limits = new LimitOptions();
        var command = new CliCommand(
            "create", "Create an account: role, database, migrations.", "kataven accounts create acme --name 'Acme Ltd' --max-lanes 4")
        {
            account,
            name,
            org,
            fromBackup,
        };
        limits.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var body = new JsonObject
            {
                ["account_id"] = parsed.GetRequiredValue(account),
                ["account_name"] = parsed.GetRequiredValue(name),
            };
            if (parsed.GetValue(org) is { } id)
                body["org_id"] = id;
            if (parsed.GetValue(fromBackup) is { } backup)
                body["from_backup"] = backup;
            if (limits.Read(parsed) is { Count: > 0 } set)
                body["limits"] = set;

            return SendAsync(host, parsed, HttpMethod.Post, "/accounts", body, cancellationToken);
        });
        return command;
    }

    private static CliCommand Show(CliHost host)
    {
        var account = AccountArgument.Create("SLUG");
        var command = new CliCommand("show", "Show one account.", "kataven accounts show acme") { account };
        command.SetAction((parsed, cancellationToken) => SendAsync(
            host, parsed, HttpMethod.Get, $"/accounts/{parsed.GetRequiredValue(account)}", null, cancellationToken));
        return command;
    }

    private static CliCommand Suspend(CliHost host)
    {
        var account = AccountArgument.Create("SLUG");
        var reason = new Option<string>("--reason") { Description = "Why; the audit log keeps it", HelpName = "REASON", Required = true };
        var command = new CliCommand(
            "suspend", "Refuse an account's requests and close its connections.", "kataven accounts suspend acme --reason 'unpaid since May'")
        {
            account,
            reason,
        };
        command.SetAction((parsed, cancellationToken) => SendAsync(
            host,
            parsed,
            HttpMethod.Put,
            $"/accounts/{parsed.GetRequiredValue(account)}/suspension",
            new JsonObject { ["reason"] = parsed.GetRequiredValue(reason) },
            cancellationToken));
        return command;
    }

    private static CliCommand Resume(CliHost host)
    {
        var account = AccountArgument.Create("SLUG");
        var command = new CliCommand("resume", "Serve a suspended account again.", "kataven accounts resume acme") { account };
        command.SetAction((parsed, cancellationToken) => SendAsync(
            host, parsed, HttpMethod.Delete, $"/accounts/{parsed.GetRequiredValue(account)}/suspension", null, cancellationToken));
        return command;
    }

    /// <summary>Each of these answers with the account.</summary>
    private static async Task<int> SendAsync(
        CliHost host, ParseResult parsed, HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        using var client = host.Connect(parsed);
        using var response = await client.AdminAsync(method, path, body, cancellationToken);
        host.Writer(parsed).WriteOne(await KatavenClient.ReadAsync(response, cancellationToken));
        return ExitCode.Ok;
    }
}
