using System.CommandLine;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;
using Kataven.Cli.Http;

namespace Kataven.Cli.Pools;

/// <summary><c>kataven pools</c>: the live tenants of the whole cluster.</summary>
internal static class PoolsCommand
{
    public static Command Create(CliHost host) =>
        new CliCommand("pools", "The accounts that hold connections now.", "kataven pools list")
        {
            List(host),
            Close(host),
            Warm(host),
        };

    private static CliCommand List(CliHost host)
    {
        var command = new CliCommand("list", "List the open pools of the whole cluster.", "kataven pools list --output json");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            using var response = await client.AdminAsync(HttpMethod.Get, "/pools", null, cancellationToken);
            host.Writer(parsed).WriteList(await KatavenClient.ReadAsync(response, cancellationToken), "pools");
            return ExitCode.Ok;
        });
        return command;
    }

    private static CliCommand Close(CliHost host)
    {
        var account = AccountArgument.Create();
        var command = new CliCommand("close", "Close an account's connections when what runs has ended.", "kataven pools close acme")
        {
            account,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(account);
            using var client = host.Connect(parsed);
            using var response = await client.AdminAsync(HttpMethod.Delete, $"/pools/{id}", null, cancellationToken);
            host.Writer(parsed).WriteDone($"{id}: closed");
            return ExitCode.Ok;
        });
        return command;
    }

    private static CliCommand Warm(CliHost host)
    {
        var account = AccountArgument.Create();
        var command = new CliCommand("warm", "Open an account's pool ahead of its first request.", "kataven pools warm acme")
        {
            account,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            using var response = await client.AdminAsync(
                HttpMethod.Post, $"/pools/{parsed.GetRequiredValue(account)}/warmth", null, cancellationToken);
            host.Writer(parsed).WriteOne(await KatavenClient.ReadAsync(response, cancellationToken));
            return ExitCode.Ok;
        });
        return command;
    }
}
