using System.CommandLine;
using Kataven.Cli.Help;
using Kataven.Cli.Http;

namespace Kataven.Cli.Cluster;

/// <summary><c>kataven cluster</c>: who is in it, and how many connections it may hold.</summary>
internal static class ClusterCommand
{
    public static Command Create(CliHost host)
    {
        var command = new CliCommand("cluster", "The silos, and the budget of connections.", "kataven cluster");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            using var response = await client.AdminAsync(HttpMethod.Get, "/cluster", null, cancellationToken);
            host.Writer(parsed).WriteList(await KatavenClient.ReadAsync(response, cancellationToken), "silos");
            return ExitCode.Ok;
        });
        return command;
    }
}
