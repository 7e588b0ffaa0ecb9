using System.CommandLine;
using System.Text.Json.Nodes;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;
using Kataven.Cli.Operations;

namespace Kataven.Cli.Accounts;

/// <summary><c>kataven clone</c>: a second account with the same data.</summary>
internal static class CloneCommand
{
    public static Command Create(CliHost host)
    {
        var account = AccountArgument.Create("SLUG");
        var clone = AccountArgument.Create("NEWSLUG", "The new account's slug");
        var name = new Option<string?>("--name") { Description = "The new account's name (its slug)", HelpName = "NAME" };
        var call = new OperationCall(host);
        var command = new CliCommand("clone", "Make a second account with the same data.", "kataven clone acme acme-test --wait")
        {
            account,
            clone,
            name,
            call.Wait,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var slug = parsed.GetRequiredValue(clone);
            using var client = host.Connect(parsed);
            return await call.SendAsync(
                parsed,
                client,
                HttpMethod.Post,
                $"/accounts/{parsed.GetRequiredValue(account)}/clones",
                new JsonObject { ["account_id"] = slug, ["account_name"] = parsed.GetValue(name) ?? slug },
                cancellationToken);
        });
        return command;
    }
}
