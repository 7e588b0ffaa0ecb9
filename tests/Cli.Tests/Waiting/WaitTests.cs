using Kataven.Cli.Tests.Operations;

namespace Kataven.Cli.Tests.Waiting;

/// <summary>With <c>backup create --wait</c> for all that can wait for an operation.</summary>
public sealed class WaitTests
{
    private static readonly string[] Command = ["backup", "create", "acme", "--wait"];

    [Fact]
    public async Task A_wait_shows_each_tenth_and_each_change_of_status_and_ends_with_the_last_answer()
    {
        await using var server = await StartAsync(
            OperationAnswers.Running("0.05"), OperationAnswers.Running("0.1"), OperationAnswers.Running("0.19"), OperationAnswers.Running("0.7"), OperationAnswers.Succeeded());

        var run = await CliRun.AgainstAsync(server, Command);

        Assert.Equal((0, OperationAnswers.Succeeded() + Environment.NewLine), (run.ExitCode, run.Out));
        Assert.Equal(
            ["backup of acme: running, 0 %", "backup of acme: running, 10 %", "backup of acme: running, 70 %", "backup of acme: succeeded, 100 %"],
            run.ErrorLines);
        Assert.Equal(
            ["POST /api/admin/accounts/acme/backups", .. Enumerable.Repeat("GET /api/admin/operations/op-1", 5)],
            server.Received.Select(static r => r.Line));
    }

    [Fact]
    public async Task Pauses_grow_from_200_milliseconds_to_a_second()
    {
        var time = new HurriedTime();
        var running = OperationAnswers.Running("0.1");
        await using var server = await StartAsync(running, running, running, running, OperationAnswers.Succeeded());

        await CliRun.WithAsync(server, c => c with { Time = time }, Command);

        Assert.Equal([200, 400, 800, 1000, 1000], time.PausesInMilliseconds);
    }

    [Fact]
    public async Task Where_a_line_can_be_drawn_over_there_is_a_bar()
    {
        await using var server = await StartAsync(OperationAnswers.Running("0.25"), OperationAnswers.Running("0.26"), OperationAnswers.Succeeded());

        var run = await CliRun.WithAsync(server, static c => c with { ErrorIsLive = true, OutIsTerminal = true }, Command);

        Assert.Contains("\u001b[", run.Error, StringComparison.Ordinal);
        Assert.Contains("━", run.Error, StringComparison.Ordinal);
        Assert.Contains(" 26%", run.Error, StringComparison.Ordinal);
        Assert.Contains("backup of acme: succeeded", run.Error, StringComparison.Ordinal);
        Assert.Contains("100%", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[", run.Out, StringComparison.Ordinal);
        Assert.Contains("│ result.backup_id │ b-1", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bar_shows_what_the_server_says_as_text_and_not_as_commands()
    {
        await using var server = await StartAsync(OperationAnswers.Succeeded("[bold]x\\u001b[2J[/]"));

        var run = await CliRun.WithAsync(server, static c => c with { ErrorIsLive = true }, Command);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("[bold]x\\u001B[2J[/]", run.Error.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80, "backup of acme: running")]
    [InlineData(45, "running")]
    [InlineData(35, "runn…")]
    public async Task A_bar_has_room_on_a_narrow_terminal(int width, string label)
    {
        await using var server = await StartAsync(OperationAnswers.Running("0.25"), OperationAnswers.Succeeded());

        var run = await CliRun.WithAsync(server, c => c with { ErrorIsLive = true, Width = width }, Command);

        Assert.Contains(run.ErrorLines, line => line.StartsWith($"{label} ━━", StringComparison.Ordinal) && line.EndsWith(" 25%", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(409, 1)]
    [InlineData(404, 1)]
    [InlineData(429, 3)]
    [InlineData(503, 3)]
    public async Task A_failure_is_told_like_a_refusal(int status, int exitCode)
    {
        var failed = OperationAnswers.Failed($$"""{"status":{{status}},"code":"backup_not_found","detail":"It is gone."}""");
        await using var server = await StartAsync(failed);

        var program = await CliRun.AgainstAsync(server, Command);
        var reader = await CliRun.AgainstAsync(server, [.. Command, "--output", "table"]);

        Assert.Equal((exitCode, failed + Environment.NewLine), (program.ExitCode, program.Out));
        Assert.Equal("backup_not_found: It is gone.", program.ErrorLines[^1]);
        Assert.Equal((exitCode, ""), (reader.ExitCode, reader.Out));
    }

    [Fact]
    public async Task A_failure_without_a_reason_is_still_one()
    {
        await using var server = await StartAsync(OperationAnswers.Failed("null"));

        var run = await CliRun.AgainstAsync(server, Command);

        Assert.Equal((3, "Operation op-1 failed, and the server does not say why."), (run.ExitCode, run.ErrorLines[^1]));
    }

    [Fact]
    public async Task A_server_that_is_away_for_a_moment_does_not_end_the_wait()
    {
        await using var server = await StartAsync(
            StubAnswer.Refusal(503, "database_unavailable"), StubAnswer.Refusal(429, "rate_limited"), OperationAnswers.Succeeded());

        var run = await CliRun.AgainstAsync(server, Command);

        Assert.Equal((0, 4), (run.ExitCode, server.Received.Count));
    }

    [Fact]
    public async Task A_server_that_stays_away_ends_it()
    {
        await using var server = await StartAsync(
            StubAnswer.Refusal(503, "database_unavailable"), OperationAnswers.Running("0.3"), StubAnswer.Refusal(503, "database_unavailable"));

        var run = await CliRun.AgainstAsync(server, Command);

        Assert.Equal((3, "database_unavailable: Why."), (run.ExitCode, run.ErrorLines[^1]));
        Assert.Equal(1 + 2 + 15, server.Received.Count);
    }

    [Fact]
    public async Task A_refusal_ends_it_at_once()
    {
        await using var server = await StartAsync(StubAnswer.Refusal(404, "operation_not_found"));

        var run = await CliRun.AgainstAsync(server, Command);

        Assert.Equal((1, 2), (run.ExitCode, server.Received.Count));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 0, "--token", "t")]
    public async Task A_token_that_ends_meanwhile_is_renewed_where_it_was_not_given(int exitCode, int tokens, params string[] options)
    {
        await using var server = await StartAsync(StubAnswer.Refusal(401, "unauthorized"), OperationAnswers.Succeeded());

        var run = await CliRun.AgainstAsync(server, [.. Command, .. options]);

        Assert.Equal((exitCode, tokens), (run.ExitCode, server.TokenRequests.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interruption_ends_the_wait_and_not_the_operation(bool isLive)
    {
        using var interruption = new CancellationTokenSource();
        await using var server = await FrontDoorStub.StartAsync(async context =>
        {
            if (context.Request.Method == "GET")
                await interruption.CancelAsync();

            await FrontDoorStub.WriteAsync(context, 202, OperationAnswers.Running("0.1"));
        });

        var run = await CliRun.InterruptedAsync(server, c => c with { ErrorIsLive = isLive }, Command, interruption.Token);

        Assert.Equal((130, ""), (run.ExitCode, run.Out));
        Assert.EndsWith("operation op-1 goes on. Wait again with: kataven operations wait op-1", run.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Equal(["POST", "GET"], server.Received.Select(static r => r.Method));
    }

    [Theory]
    [InlineData("""{"status":"running"}""")]
    [InlineData("""{"operation_id":"../accounts","kind":"backup","status":"running"}""")]
    [InlineData("""[]""")]
    public async Task An_answer_in_another_form_is_not_waited_for(string answer)
    {
        await using var server = await FrontDoorStub.StartAsync(202, answer);

        var run = await CliRun.AgainstAsync(server, Command);

        Assert.Equal((3, "", 1), (run.ExitCode, run.Out, server.Received.Count));
    }

    private static Task<FrontDoorStub> StartAsync(params StubAnswer[] later) => RouteStub.StartAsync(
        ("POST /accounts/acme/backups", [new StubAnswer(202, OperationAnswers.Running("0.0"))]),
        ("GET /operations/op-1", later));
}
