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
            await ConfirmAsync(account, cancellationToken);

        var query = QueryString.Of(("confirm", account), ("backup", parsed.GetValue(_noBackup) ? "false" : null));
        using var response = await client.AdminAsync(HttpMethod.Delete, $"/accounts/{account}{query}", null, cancellationToken);
        var answer = await KatavenClient.ReadAsync(response, cancellationToken);
        if (answer.Length > 0)
            _host.Writer(parsed).WriteOne(answer);
        else
            _host.Writer(parsed).WriteDone($"{account}: deleted");

        return ExitCode.Ok;
    }

    private async Task ConfirmAsync(string account, CancellationToken cancellationToken)
    {
        var console = _host.Console;
        if (!console.InIsTerminal)
            throw new CliFailure(ExitCode.Usage, $"This deletes {account} and its database: say --yes, since there is no terminal to ask on.");

        await console.Error.WriteAsync($"This deletes {account} and its database. Type its slug to go on: ");
        var typed = await Task.Run(console.In.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        if (typed?.Trim() != account)
            throw new CliFailure(ExitCode.Usage, "That is not its slug: nothing was deleted.");
    }
}
