namespace Kataven.Cli.Tests.Migrations;

public sealed class RolloutTests
{
    private static readonly string Begun = RolloutAnswers.Of("running", 0);

    [Theory]
    [InlineData("{}")]
    [InlineData(
        """{"target":7,"canaries":["acme","b"],"wave_size":20,"parallelism":2,"max_failures":1}""",
        "--target", "7", "--canary", "acme", "--canary", "b", "--wave-size", "20", "--parallelism", "2", "--max-failures", "1")]
    public async Task Without_accounts_it_begins_a_rollout_with_what_was_given(string body, params string[] options)
    {
        await using var server = await FrontDoorStub.StartAsync(202, Begun);

        var run = await CliRun.AgainstAsync(server, ["migrate", "run", .. options]);

        Assert.Equal(new CliRun(0, Begun + Environment.NewLine, ""), run);
        Assert.Equal(("POST /api/admin/rollouts", body), (Assert.Single(server.Received).Line, server.Received[0].Body));
    }

    [Fact]
    public async Task Only_one_can_be_under_way()
    {
        await using var server = await FrontDoorStub.RefusingAsync(409, """{"status":409,"code":"rollout_running","detail":"r-0 is running."}""");

        var run = await CliRun.AgainstAsync(server, "migrate", "run", "--wait");

        Assert.Equal(new CliRun(1, "", "rollout_running: r-0 is running." + Environment.NewLine), run);
    }

    [Fact]
    public async Task Wait_stays_through_a_pause_and_is_silent()
    {
        var done = RolloutAnswers.Of("succeeded", 10);
        await using var server = await StartAsync(RolloutAnswers.Of("paused", 3), RolloutAnswers.Of("running", 6), done);

        var run = await CliRun.AgainstAsync(server, "migrate", "run", "--wait");

        Assert.Equal(new CliRun(0, done + Environment.NewLine, ""), run);
        Assert.Equal(["POST", "GET", "GET", "GET"], server.Received.Select(static r => r.Method));
    }

    [Fact]
    public async Task Watch_tells_each_change_once()
    {
        await using var server = await StartAsync(
            Begun, RolloutAnswers.Of("running", 3), RolloutAnswers.Of("paused", 3), RolloutAnswers.Of("paused", 3), RolloutAnswers.Of("succeeded", 10));

        var run = await CliRun.AgainstAsync(server, "migrate", "run", "--watch");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            [
                "rollout r-1: running, 0 of 10 accounts done, 0 failed, 0 %",
                "rollout r-1: running, 3 of 10 accounts done, 0 failed, 30 %",
                "rollout r-1: paused, 3 of 10 accounts done, 0 failed, 30 %",
                "rollout r-1: succeeded, 10 of 10 accounts done, 0 failed, 100 %",
            ],
            run.ErrorLines);
    }

    [Fact]
    public async Task Watch_draws_a_bar_where_it_can()
    {
        await using var server = await StartAsync(RolloutAnswers.Of("running", 4, failed: 1), RolloutAnswers.Of("succeeded", 10));

        var run = await CliRun.WithAsync(server, static c => c with { ErrorIsLive = true, Width = 120 }, "migrate", "run", "--watch");

        Assert.Contains("\u001b[", run.Error, StringComparison.Ordinal);
        Assert.Contains("rollout r-1: running, 4 of 10 accounts done, 1 failed", run.Error, StringComparison.Ordinal);
        Assert.Contains(" 50%", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stopped", 4, 1)]
    [InlineData("aborted", 4, 0)]
    [InlineData("succeeded", 9, 1)]
    public async Task One_that_did_not_reach_every_account_is_a_failure(string status, int succeeded, int failed)
    {
        var ended = RolloutAnswers.Of(status, succeeded, failed);
        await using var server = await StartAsync(ended);

        var run = await CliRun.AgainstAsync(server, "migrate", "run", "--wait");

        Assert.Equal(
            new CliRun(1, ended + Environment.NewLine, $"Rollout r-1: {status}, {succeeded} of 10 accounts done, {failed} failed{Environment.NewLine}"), run);
    }

    [Fact]
    public async Task A_table_of_failures_stands_below_a_rollout()
    {
        await using var server = await RouteStub.StartAsync(("GET /rollouts/r-1", [RolloutAnswers.Of("stopped", 4, failed: 1)]));

        var run = await CliRun.WithAsync(server, static c => c with { OutIsTerminal = true, Width = 120 }, "migrate", "status", "r-1");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("│ status     │ stopped ", run.Out, StringComparison.Ordinal);
        Assert.Contains("│ b          │       7 │ 42703     │ column \"x\" does not exist │", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("failures", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interruption_ends_the_wait_and_not_the_rollout()
    {
        using var interruption = new CancellationTokenSource();
        await using var server = await FrontDoorStub.StartAsync(async context =>
        {
            if (context.Request.Method == "GET")
                await interruption.CancelAsync();

            await FrontDoorStub.WriteAsync(context, 200, Begun);
        });

        var run = await CliRun.InterruptedAsync(server, static c => c, ["migrate", "run", "--wait"], interruption.Token);

        Assert.Equal(
            new CliRun(130, "", $"No longer waiting: rollout r-1 goes on. Wait again with: kataven migrate status r-1 --watch{Environment.NewLine}"), run);
        Assert.DoesNotContain(server.Received, static r => r.Method == "DELETE");
    }

    private static Task<FrontDoorStub> StartAsync(params StubAnswer[] later) => RouteStub.StartAsync(
        ("POST /rollouts", [new StubAnswer(202, Begun)]),
        ("GET /rollouts/r-1", later));
}
