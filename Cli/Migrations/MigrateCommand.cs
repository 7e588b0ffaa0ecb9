using System.CommandLine;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;

namespace Kataven.Cli.Migrations;

/// <summary><c>kataven migrate</c>; with <c>--watch</c> alone it attaches to the rollout that is under way.</summary>
internal static class MigrateCommand
{
    public static Command Create(CliHost host)
    {
        var watch = RolloutWait.CreateWatch();
        var command = new CliCommand("migrate", "Migrations: what is behind, bring accounts up, roll out to all.", "kataven migrate --watch")
        {
            MigratePlanCommand.Create(host),
            MigrateRunCommand.Create(host),
            Status(host),
            Change(host, "pause", "Let a rollout begin no further account.", HttpMethod.Put, "/pause"),
            Change(host, "resume", "Let a paused rollout go on.", HttpMethod.Delete, "/pause"),
            Change(host, "abort", "End a rollout; what was migrated stays so.", HttpMethod.Delete, ""),
            watch,
        };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(watch))
                result.AddError("Say which of migrate's commands, or --watch for the rollout that is under way.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var rollout = await Rollout.UnderWayAsync(client, cancellationToken);
            return await RolloutWait.RunAsync(host, parsed, client, rollout, isWatched: true, cancellationToken);
        });
        return command;
    }

    private static CliCommand Status(CliHost host)
    {
        var id = RolloutId();
        var watch = RolloutWait.CreateWatch();
        var command = new CliCommand("status", "Show a rollout.", "kataven migrate status --watch") { id, watch };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var rollout = parsed.GetValue(id) is { } named
                ? await Rollout.ReadAsync(client, named, cancellationToken)
                : await Rollout.UnderWayAsync(client, cancellationToken);
            if (parsed.GetValue(watch))
                return await RolloutWait.RunAsync(host, parsed, client, rollout, isWatched: true, cancellationToken);

            RolloutWriter.Write(host.Writer(parsed), rollout);
            return ExitCode.Ok;
        });
        return command;
    }

    private static CliCommand Change(CliHost host, string name, string description, HttpMethod method, string resource)
    {
        var id = RolloutId();
        var command = new CliCommand(name, description, $"kataven migrate {name}") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var rollout = parsed.GetValue(id) ?? (await Rollout.UnderWayAsync(client, cancellationToken)).RolloutId;
            var answer = await client.AdminTextAsync(method, $"/rollouts/{rollout}{resource}", null, cancellationToken);
            RolloutWriter.Write(host.Writer(parsed), Rollout.Parse(answer));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Argument<string> RolloutId()
    {
        var id = IdArgument.Create("ID", "The rollout (the one that is under way)");
        id.Arity = ArgumentArity.ZeroOrOne;
        return id;
    }
}
