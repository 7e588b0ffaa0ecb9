using System.CommandLine;
using System.Text.Json.Nodes;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;
using Kataven.Cli.Operations;

namespace Kataven.Cli.Restores;

/// <summary><c>kataven restore</c>: a backup in its account's place, or as a new account; in place it asks first.</summary>
internal sealed class RestoreCommand
{
    private readonly CliHost _host;
    private readonly OperationCall _call;
    private readonly Argument<string> _account = AccountArgument.Create("SLUG");
    private readonly Argument<string> _backup = IdArgument.Create("BACKUP", "The backup");
    private readonly Option<string?> _into = AccountArgument.CreateOption("--into", "Restore it as this new account, and leave its own alone");
    private readonly Option<string?> _from = AccountArgument.CreateOption(
        "--from-account", "The account that it is a backup of, where that is another one, or had the same slug and was deleted");
    private readonly Option<string?> _name = new("--name") { Description = "The new account's name (its slug)", HelpName = "NAME" };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask" };

    private RestoreCommand(CliHost host)
    {
        _host = host;
        _call = new OperationCall(host);
    }

    public static Command Create(CliHost host)
    {
        var restore = new RestoreCommand(host);
        var command = new CliCommand(
            "restore", "Put a backup in its account's place, or make a new account from it.", "kataven restore acme 20260102T030405Z-7f3c --into acme-may --wait")
        {
            restore._account,
            restore._backup,
            restore._into,
            restore._from,
            restore._name,
            restore._call.Wait,
            restore._yes,
            Undo(host),
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(restore._name) is not null && result.GetValue(restore._into) is null)
                result.AddError("--name is the new account's, so it wants --into.");
        });
        command.SetAction(restore.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (account, backup) = (parsed.GetRequiredValue(_account), parsed.GetRequiredValue(_backup));
        var (into, from) = (parsed.GetValue(_into), parsed.GetValue(_from));
        using var client = _host.Connect(parsed);
        if (into is null && !parsed.GetValue(_yes))
        {
            // What is asked for is the slug of the account that was named last.
            var what = from is null
                ? $"This replaces the data of {account} with those of its backup {backup}"
                : $"This puts the backup {backup} of {from} in the place of the data of {account}";
            await Confirmation.AskAsync(_host.Console, account, what, "nothing was restored", cancellationToken);
        }

        var body = new JsonObject { ["backup_id"] = backup };
        if (into is not null)
            body["into"] = into;
        if (from is not null)
            body["from_account"] = from;
        if (parsed.GetValue(_name) is { } name)
            body["account_name"] = name;

        return await _call.SendAsync(parsed, client, HttpMethod.Post, $"/accounts/{account}/restores", body, cancellationToken);
    }

    private static CliCommand Undo(CliHost host)
    {
        var account = AccountArgument.Create("SLUG");
        var operation = IdArgument.Create("OPERATION", "The restore's operation");
        var call = new OperationCall(host);
        var command = new CliCommand(
            "undo", "Swap back the database that a restore replaced, while it is kept.", "kataven restore undo acme 7f3c --wait")
        {
            account,
            operation,
            call.Wait,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var path = $"/accounts/{parsed.GetRequiredValue(account)}/restores/{parsed.GetRequiredValue(operation)}";
            return await call.SendAsync(parsed, client, HttpMethod.Delete, path, null, cancellationToken);
        });
        return command;
    }
}
