using System.CommandLine;
using System.Text.Json.Nodes;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;

namespace Kataven.Cli.Backups;

/// <summary><c>kataven backup schedule</c>: shows an account's schedule, sets it, or takes it away.</summary>
internal sealed class BackupScheduleCommand
{
    private readonly CliHost _host;
    private readonly Argument<string> _account = AccountArgument.Create("SLUG");
    private readonly Option<TimeSpan?> _every = SpanOption.Create("--every", "Make one this often (at least a minute)");
    private readonly Option<int?> _keep = new("--keep") { Description = "Keep so many; older ones are deleted", HelpName = "N" };
    private readonly Option<bool> _remove = new("--remove") { Description = "Take the account's own schedule away" };

    private BackupScheduleCommand(CliHost host) => _host = host;

    public static Command Create(CliHost host)
    {
        var schedule = new BackupScheduleCommand(host);
        var command = new CliCommand(
            "schedule", "Show, set or remove an account's backup schedule.", "kataven backup schedule acme --every 1.00:00:00 --keep 7")
        {
            schedule._account,
            schedule._every,
            schedule._keep,
            schedule._remove,
        };
        command.Validators.Add(result =>
        {
            var (every, keep) = (result.GetResult(schedule._every) is not null, result.GetResult(schedule._keep) is not null);
            if (every != keep)
                result.AddError("--every and --keep belong together.");
            if (every && result.GetValue(schedule._remove))
                result.AddError("--remove and --every exclude each other.");
        });
        command.SetAction(schedule.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var account = parsed.GetRequiredValue(_account);
        var (method, body, done) = Request(parsed);
        using var client = _host.Connect(parsed);
        var answer = await client.AdminTextAsync(method, $"/accounts/{account}/backup-schedule", body, cancellationToken);
        _host.Writer(parsed).WriteOneOrDone(answer, $"{account}: {done}");
        return ExitCode.Ok;
    }

    private (HttpMethod Method, JsonNode? Body, string Done) Request(ParseResult parsed) =>
        parsed.GetValue(_remove) ? (HttpMethod.Delete, null, "schedule removed")
        : parsed.GetValue(_every) is not { } every ? (HttpMethod.Get, null, "no schedule")
        : (HttpMethod.Put, new JsonObject { ["every"] = SpanOption.Text(every), ["keep"] = parsed.GetValue(_keep) }, "schedule set");
}
