namespace Kataven.Cli.Tests.Migrations;

/// <summary>What is done to the rollout that is named, or else to the one that has not ended.</summary>
public sealed class RolloutUnderWayTests
{
    private static readonly string Paused = RolloutAnswers.Of("paused", 3);

    private static readonly (string, StubAnswer[]) List =
        ("GET /rollouts", [RolloutAnswers.ListOf(RolloutAnswers.Of("succeeded", 10, id: "r-0"), Paused, RolloutAnswers.Of("aborted", 2, id: "r-2"))]);

    [Theory]
    [InlineData("status", "GET /rollouts/r-1")]
    [InlineData("pause", "PUT /rollouts/r-1/pause")]
    [InlineData("resume", "DELETE /rollouts/r-1/pause")]
    [InlineData("abort", "DELETE /rollouts/r-1")]
    public async Task One_that_is_named_is_not_looked_for(string command, string line)
    {
        await using var server = await RouteStub.StartAsync((line, [Paused]));

        var run = await CliRun.AgainstAsync(server, "migrate", command, "r-1");

        Assert.Equal(new CliRun(0, Paused + Environment.NewLine, ""), run);
        Assert.Single(server.Received);
    }

    [Theory]
    [InlineData("pause", "PUT /rollouts/r-1/pause")]
    [InlineData("resume", "DELETE /rollouts/r-1/pause")]
    [InlineData("abort", "DELETE /rollouts/r-1")]
    public async Task Without_a_name_it_is_the_one_that_has_not_ended(string command, string line)
    {
        await using var server = await RouteStub.StartAsync(List, (line, [Paused]));

        var run = await CliRun.AgainstAsync(server, "migrate", command);

        Assert.Equal(new CliRun(0, Paused + Environment.NewLine, ""), run);
    }

    [Fact]
    public async Task Status_without_a_name_shows_it()
    {
        await using var server = await RouteStub.StartAsync(List);

        var run = await CliRun.AgainstAsync(server, "migrate", "status");

        Assert.Equal(new CliRun(0, Paused + Environment.NewLine, ""), run);
    }

    [Theory]
    [InlineData("migrate", "--watch")]
    [InlineData("migrate", "status", "--watch")]
    public async Task Watch_attaches_to_it(params string[] args)
    {
        var done = RolloutAnswers.Of("succeeded", 10);
        await using var server = await RouteStub.StartAsync(List, ("GET /rollouts/r-1", [RolloutAnswers.Of("running", 5), done]));

        var run = await CliRun.AgainstAsync(server, args);

        Assert.Equal((0, done + Environment.NewLine), (run.ExitCode, run.Out));
        Assert.Equal(
            [
                "rollout r-1: paused, 3 of 10 accounts done, 0 failed, 30 %",
                "rollout r-1: running, 5 of 10 accounts done, 0 failed, 50 %",
                "rollout r-1: succeeded, 10 of 10 accounts done, 0 failed, 100 %",
            ],
            run.ErrorLines);
    }

    [Fact]
    public async Task Watch_of_one_that_is_named_leaves_with_how_it_ended()
    {
        await using var server = await RouteStub.StartAsync(("GET /rollouts/r-1", [RolloutAnswers.Of("running", 5), RolloutAnswers.Of("stopped", 5, 1)]));

        var run = await CliRun.AgainstAsync(server, "migrate", "status", "r-1", "--watch");

        Assert.Equal((1, 2), (run.ExitCode, server.Received.Count));
    }

    [Theory]
    [InlineData("--watch")]
    [InlineData("status")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("abort")]
    public async Task Where_none_is_under_way_it_is_told_and_nothing_is_changed(string command)
    {
        await using var server = await RouteStub.StartAsync(
            ("GET /rollouts", [RolloutAnswers.ListOf(RolloutAnswers.Of("stopped", 5, 1))]), ("DELETE /rollouts/r-1", [Paused]));

        var run = await CliRun.AgainstAsync(server, "migrate", command);

        Assert.Equal(new CliRun(1, "", "No rollout is under way: name the one that is meant." + Environment.NewLine), run);
        Assert.Single(server.Received);
    }
}
