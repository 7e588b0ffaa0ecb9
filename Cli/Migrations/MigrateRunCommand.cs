using System.CommandLine;
using System.Text.Json.Nodes;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;
using Kataven.Cli.Http;

namespace Kataven.Cli.Migrations;

/// <summary><c>kataven migrate run</c>: the accounts that it names one after the other, or a rollout to all.</summary>
internal sealed class MigrateRunCommand
{
    private readonly CliHost _host;
    private readonly Argument<string[]> _accounts = AccountArgument.CreateMany("SLUG");
    private readonly Option<long?> _target = MigratePlanCommand.CreateTarget();
    private readonly Option<string[]> _canaries = AccountArgument.CreateOptionOfMany("--canary", "Begin with this account; may be repeated");
    private readonly Option<int?> _waveSize = Number("--wave-size", "Accounts a wave (50)");
    private readonly Option<int?> _parallelism = Number("--parallelism", "Accounts at once (4)");
    private readonly Option<int?> _maxFailures = Number("--max-failures", "Go on while no more accounts than this have failed (0)");
    private readonly Option<bool> _wait = new("--wait") { Description = "Stay until the rollout has ended" };
    private readonly Option<bool> _watch = RolloutWait.CreateWatch();

    private MigrateRunCommand(CliHost host) => _host = host;

    public static Command Create(CliHost host)
    {
        var run = new MigrateRunCommand(host);
        var command = new CliCommand(
            "run", "Migrate the accounts that are named, or roll out to every active one.", "kataven migrate run --canary acme --wave-size 20 --watch")
        {
            run._accounts,
            run._target,
            run._canaries,
            run._waveSize,
            run._parallelism,
            run._maxFailures,
            run._wait,
            run._watch,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(run._accounts) is { Length: > 0 }
                && (result.GetResult(run._canaries) ?? result.GetResult(run._waveSize) ?? result.GetResult(run._parallelism)) is { } option)
            {
                result.AddError($"{option.IdentifierToken?.Value} is for a rollout, which goes to every active account: name none.");
            }
        });
        command.SetAction(run.RunAsync);
        return command;
    }

    /// <summary>For one account.</summary>
    public static JsonObject Body(long? target, bool isDryRun = false)
    {
        var body = new JsonObject();
        if (target is not null)
            body["target"] = target;
        if (isDryRun)
            body["dry_run"] = true;

        return body;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var client = _host.Connect(parsed);
        return parsed.GetValue(_accounts) is { Length: > 0 } accounts
            ? await new NamedRun(client, _host.Console.Error).RunAsync(
                [.. accounts.Distinct()], parsed.GetValue(_target), parsed.GetValue(_maxFailures) ?? 0, _host.Writer(parsed), cancellationToken)
            : await RollOutAsync(client, parsed, cancellationToken);
    }

    private async Task<int> RollOutAsync(KatavenClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        var rollout = Rollout.Parse(await client.AdminTextAsync(HttpMethod.Post, "/rollouts", RolloutBody(parsed), cancellationToken));
        var isWatched = parsed.GetValue(_watch);
        if (isWatched || parsed.GetValue(_wait))
            return await RolloutWait.RunAsync(_host, parsed, client, rollout, isWatched, cancellationToken);

        RolloutWriter.Write(_host.Writer(parsed), rollout);
        return ExitCode.Ok;
    }

    /// <summary>What is not given is the server's to choose.</summary>
    private JsonObject RolloutBody(ParseResult parsed)
    {
        var body = Body(parsed.GetValue(_target));
        if (parsed.GetValue(_canaries) is { Length: > 0 } canaries)
            body["canaries"] = new JsonArray([.. canaries.Distinct().Select(static canary => JsonValue.Create(canary))]);
        if (parsed.GetValue(_waveSize) is { } waveSize)
            body["wave_size"] = waveSize;
        if (parsed.GetValue(_parallelism) is { } parallelism)
            body["parallelism"] = parallelism;
        if (parsed.GetValue(_maxFailures) is { } maxFailures)
            body["max_failures"] = maxFailures;

        return body;
    }

    private static Option<int?> Number(string name, string description) => new(name) { Description = description, HelpName = "N" };
}
