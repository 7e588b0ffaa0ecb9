namespace Kataven.Cli.Tests.Operations;

public sealed class OperationsTests
{
    [Fact]
    public async Task List_passes_its_filters_on()
    {
        await using var server = await FrontDoorStub.StartAsync(200, """{"operations":[]}""");

        var run = await CliRun.AgainstAsync(server, "operations", "list", "--account", "acme", "--status", "failed");
        await CliRun.AgainstAsync(server, "operations", "list");

        Assert.Equal(new CliRun(0, """{"operations":[]}""" + Environment.NewLine, ""), run);
        Assert.Equal(["GET /api/admin/operations?account=acme&status=failed", "GET /api/admin/operations"], server.Received.Select(static r => r.Line));
    }

    [Fact]
    public async Task A_list_for_a_reader_leaves_out_problem_and_result()
    {
        await using var server = await FrontDoorStub.StartAsync(
            200, $$"""{"operations":[{{OperationAnswers.Failed(OperationAnswers.Conflict)}},{{OperationAnswers.Running("0.25")}}]}""");

        var run = await CliRun.OnTerminalAsync(server, "operations", "list");

        Assert.Contains("│ op-1         │ backup │ acme       │ running │     0.25 │", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("migration_failed", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_shows_one_as_it_is_and_is_content_with_a_failed_one()
    {
        var failed = OperationAnswers.Failed(OperationAnswers.Conflict);
        await using var server = await RouteStub.StartAsync(("GET /operations/op-1", [failed]));

        var run = await CliRun.AgainstAsync(server, "operations", "get", "op-1");

        Assert.Equal(new CliRun(0, failed + Environment.NewLine, ""), run);
        Assert.Single(server.Received);
    }

    [Fact]
    public async Task Wait_asks_until_it_has_ended()
    {
        await using var server = await RouteStub.StartAsync(
            ("GET /operations/op-1", [OperationAnswers.Running("0.0"), OperationAnswers.Running("0.5"), OperationAnswers.Succeeded()]));

        var run = await CliRun.AgainstAsync(server, "operations", "wait", "op-1");

        Assert.Equal((0, OperationAnswers.Succeeded() + Environment.NewLine), (run.ExitCode, run.Out));
        Assert.Equal(3, server.Received.Count);
    }

    [Fact]
    public async Task Wait_does_not_pause_for_one_that_has_ended()
    {
        var time = new HurriedTime();
        await using var server = await RouteStub.StartAsync(("GET /operations/op-1", [OperationAnswers.Succeeded()]));

        var run = await CliRun.WithAsync(server, c => c with { Time = time }, "operations", "wait", "op-1");

        Assert.Equal((0, 1), (run.ExitCode, server.Received.Count));
        Assert.Empty(time.PausesInMilliseconds);
    }

    [Fact]
    public async Task An_unknown_one_is_refused()
    {
        await using var server = await FrontDoorStub.RefusingAsync(404, """{"status":404,"code":"operation_not_found","detail":"Why."}""");

        var run = await CliRun.AgainstAsync(server, "operations", "wait", "op-1");

        Assert.Equal(new CliRun(1, "", "operation_not_found: Why." + Environment.NewLine), run);
    }
}
