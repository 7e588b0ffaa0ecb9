using System.CommandLine;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;
using Kataven.Cli.Http;

namespace Kataven.Cli.Tokens;

/// <summary><c>kataven token</c>: a token of the development issuer, alone on its line.</summary>
internal static class TokenCommand
{
    public static Command Create(CliHost host)
    {
        var account = AccountArgument.Create(description: $"The account it is for ({KatavenClient.AdminAccount})");
        account.Arity = ArgumentArity.ZeroOrOne;
        account.DefaultValueFactory = static _ => KatavenClient.AdminAccount;

        var command = new CliCommand(
            "token",
            "Print a token of the server's development issuer (in Development only, on the same machine).",
            "export KATAVEN_TOKEN=$(kataven token)")
        {
            account,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var token = await client.DevelopmentTokenAsync(parsed.GetRequiredValue(account), cancellationToken);
            await host.Console.Out.WriteLineAsync(Output.TerminalText.Cell(token));
            return ExitCode.Ok;
        });
        return command;
    }
}
