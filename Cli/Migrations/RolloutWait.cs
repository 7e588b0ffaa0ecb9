using System.CommandLine;
using Kataven.Cli.Http;
using Kataven.Cli.Waiting;

namespace Kataven.Cli.Migrations;

/// <summary>Stays until a rollout has ended, through pauses too, and leaves with whether it reached every account.</summary>
internal static class RolloutWait
{
    public static Option<bool> CreateWatch() => new("--watch") { Description = "Stay until it has ended, and show how it gets on" };

    public static async Task<int> RunAsync(
        CliHost host, ParseResult parsed, KatavenClient client, Rollout rollout, bool isWatched, CancellationToken cancellationToken)
    {
        var id = rollout.RolloutId;
        rollout = await new Poll(host.Console).UntilAsync(
            rollout,
            cancel => Rollout.ReadAsync(client, id, cancel),
            static next => next.HasEnded,
            $"rollout {id} goes on. Wait again with: kataven migrate status {id} --watch",
            isWatched ? static next => next.ToStep() : null,
            cancellationToken);

        RolloutWriter.Write(host.Writer(parsed), rollout);
        return rollout.IsGood ? ExitCode.Ok : throw new CliFailure(ExitCode.Refused, $"Rollout {id}: {rollout}");
    }
}
