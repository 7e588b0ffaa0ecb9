using System.CommandLine;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;
using Kataven.Cli.Http;

namespace Kataven.Cli.Accounts;

/// <summary><c>kataven accounts delete</c>: asks first, since the database goes too.</summary>
internal sealed class AccountsDeleteCommand
{
    private readonly CliHost _host;
    private readonly Argument<string> _account = AccountArgument.Create("SLUG");
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask" };
    private readonly Option<bool> _noBackup = new("--no-backup") { Description = "Take no last backup" };

    private AccountsDeleteCommand(CliHost host) => _host = host;

    public static Command Create(CliHost host)
    {
        var delete = new AccountsDeleteCommand(host);
        var command = new CliCommand(
            "delete", "Take a last backup, then remove an account's database and role.", "kataven accounts delete acme --yes --no-backup")
        {
            delete._account,
            delete._yes,
            delete._noBackup,
        };
        command.SetAction(delete.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var account = parsed.GetRequiredValue(_account);
        using var client = _host.Connect(parsed);
        if (!parsed.GetValue(_yes))
            await Confirmation.AskAsync(_host.Console, account, $"This deletes {account} and its database", "nothing was deleted", cancellationToken);

        var query = QueryString.Of(("confirm", account), ("backup", parsed.GetValue(_noBackup) ? "false" : null));
        using var response = await client.AdminAsync(HttpMethod.Delete, $"/accounts/{account}{query}", null, cancellationToken);
        var answer = await KatavenClient.ReadAsync(response, cancellationToken);
        _host.Writer(parsed).WriteOneOrDone(answer, $"{account}: deleted");
        return ExitCode.Ok;
    }
}
