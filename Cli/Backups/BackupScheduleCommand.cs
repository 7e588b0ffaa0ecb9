using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;

namespace Kataven.Cli.Backups;

/// <summary><c>kataven backup schedule</c>: shows an account's schedule, sets it, or takes it away. What is not said of it stays as it is.</summary>
internal sealed class BackupScheduleCommand
{
    private readonly CliHost _host;
    private readonly Argument<string> _account = AccountArgument.Create("SLUG");
    private readonly Option<TimeSpan?> _every = SpanOption.Create("--every", "Make one this often (at least a minute)");
    private readonly Option<int?> _keep = new("--keep") { Description = "Keep so many; older ones are deleted", HelpName = "N" };
    private readonly Option<TimeSpan?> _verifyEvery = SpanOption.Create("--verify-every", "Prove this often that the newest one restores (at least an hour)");
    private readonly Option<bool> _noVerify = new("--no-verify") { Description = "Prove it no more" };
    private readonly Option<bool> _remove = new("--remove") { Description = "Take the account's own schedule away" };

    private BackupScheduleCommand(CliHost host) => _host = host;

    public static Command Create(CliHost host)
    {
        var schedule = new BackupScheduleCommand(host);
        var command = new CliCommand(
            "schedule", "Show, set or remove an account's backup schedule.", "kataven backup schedule acme --every 1.00:00:00 --keep 7 --verify-every 7d")
        {
            schedule._account,
            schedule._every,
            schedule._keep,
            schedule._verifyEvery,
            schedule._noVerify,
            schedule._remove,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(schedule._verifyEvery) is not null && result.GetValue(schedule._noVerify))
                result.AddError("--verify-every and --no-verify exclude each other.");
            if (schedule.IsChange(result) && result.GetValue(schedule._remove))
                result.AddError("--remove takes the whole schedule away: it goes with none of the others.");
        });
        command.SetAction(schedule.RunAsync);
        return command;
    }

    private bool IsChange(CommandResult result) =>
        (result.GetResult(_every) ?? result.GetResult(_keep) ?? result.GetResult(_verifyEvery)) is not null || result.GetValue(_noVerify);

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var account = parsed.GetRequiredValue(_account);
        var path = $"/accounts/{account}/backup-schedule";
        using var client = _host.Connect(parsed);
        var (method, body, done) = await RequestAsync();
        _host.Writer(parsed).WriteOneOrDone(await client.AdminTextAsync(method, path, body, cancellationToken), $"{account}: {done}");
        return ExitCode.Ok;

        async Task<(HttpMethod Method, JsonNode? Body, string Done)> RequestAsync()
        {
            if (parsed.GetValue(_remove))
                return (HttpMethod.Delete, null, "schedule removed");
            if (!IsChange(parsed.CommandResult))
                return (HttpMethod.Get, null, "no schedule");

            var now = BackupSchedule.Parse(await client.AdminTextAsync(HttpMethod.Get, path, null, cancellationToken));
            return (HttpMethod.Put, Changed(parsed, account, now), "schedule set");
        }
    }

    /// <summary>The server takes a schedule as a whole, so what was not said has to be sent again: left out, the verification would end unnoticed.</summary>
    private JsonObject Changed(ParseResult parsed, string account, BackupSchedule now)
    {
        if ((TextOf(_every) ?? now.Every, parsed.GetValue(_keep) ?? now.Keep) is not ({ } every, { } keep))
            throw new CliFailure(ExitCode.Refused, $"{account} has no schedule yet: say --every and --keep.");

        var body = new JsonObject { ["every"] = every, ["keep"] = keep };
        if (!parsed.GetValue(_noVerify) && (TextOf(_verifyEvery) ?? now.VerifyEvery) is { } verifyEvery)
            body["verify_every"] = verifyEvery;

        return body;

        string? TextOf(Option<TimeSpan?> option) => parsed.GetValue(option) is { } span ? SpanOption.Text(span) : null;
    }
}
