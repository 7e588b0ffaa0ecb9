using Kataven.Cli.Tests.Operations;

namespace Kataven.Cli.Tests.Restores;

public sealed class RestoreTests
{
    [Theory]
    [InlineData("""{"backup_id":"b-1"}""", "--yes")]
    [InlineData("""{"backup_id":"b-1","into":"acme-may"}""", "--into", "acme-may")]
    [InlineData("""{"backup_id":"b-1","into":"acme-may","account_name":"May"}""", "--into", "acme-may", "--name", "May")]
    [InlineData("""{"backup_id":"b-1","from_account":"globex"}""", "--from-account", "globex", "--yes")]
    [InlineData("""{"backup_id":"b-1","into":"acme-may","from_account":"acme"}""", "--from-account", "acme", "--into", "acme-may")]
    public async Task A_restore_says_where_to_and_whose_backup(string body, params string[] options)
    {
        var begun = OperationAnswers.Running("0.0", "restore");
        await using var server = await FrontDoorStub.StartAsync(202, begun);

        var run = await CliRun.AgainstAsync(server, ["restore", "acme", "b-1", .. options]);

        Assert.Equal(new CliRun(0, begun + Environment.NewLine, ""), run);
        Assert.Equal(("POST /api/admin/accounts/acme/restores", body), (Assert.Single(server.Received).Line, server.Received[0].Body));
    }

    [Theory]
    [InlineData("acme\n", 0, 1)]
    [InlineData("yes\n", 2, 0)]
    public async Task In_place_it_asks_for_the_slug(string typed, int exitCode, int requests)
    {
        await using var server = await FrontDoorStub.StartAsync(202, OperationAnswers.Running("0.0"));

        var run = await CliRun.TypingAsync(server, typed, "restore", "acme", "b-1");

        Assert.Equal((exitCode, requests), (run.ExitCode, server.Received.Count));
        Assert.StartsWith("This replaces the data of acme with those of its backup b-1. Type its slug", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acme\n", 0, 1)]
    [InlineData("globex\n", 2, 0)]
    public async Task In_place_it_asks_for_the_slug_of_the_account_whose_data_go(string typed, int exitCode, int requests)
    {
        await using var server = await FrontDoorStub.StartAsync(202, OperationAnswers.Running("0.0"));

        var run = await CliRun.TypingAsync(server, typed, "restore", "acme", "b-1", "--from-account", "globex");

        Assert.Equal((exitCode, requests), (run.ExitCode, server.Received.Count));
        Assert.StartsWith("This puts the backup b-1 of globex in the place of the data of acme. Type its slug", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_place_without_a_terminal_it_wants_yes()
    {
        await using var server = await FrontDoorStub.StartAsync(202, OperationAnswers.Running("0.0"));

        var run = await CliRun.AgainstAsync(server, "restore", "acme", "b-1", "--wait");

        Assert.Equal((2, 0), (run.ExitCode, server.Received.Count));
    }

    [Fact]
    public async Task A_restore_can_be_waited_for()
    {
        await using var server = await RouteStub.StartAsync(
            ("POST /accounts/acme/restores", [OperationAnswers.Running("0.0", "restore")]),
            ("GET /operations/op-1", [OperationAnswers.Running("0.5", "restore"), OperationAnswers.Succeeded("restore")]));

        var run = await CliRun.AgainstAsync(server, "restore", "acme", "b-1", "--yes", "--wait");

        Assert.Equal((0, OperationAnswers.Succeeded("restore") + Environment.NewLine), (run.ExitCode, run.Out));
        Assert.Equal(3, run.ErrorLines.Length);
    }

    [Fact]
    public async Task Undo_takes_a_restore_back()
    {
        await using var server = await RouteStub.StartAsync(
            ("DELETE /accounts/acme/restores/op-0", [OperationAnswers.Running("0.0", "undo")]),
            ("GET /operations/op-1", [OperationAnswers.Succeeded("undo")]));

        var begun = await CliRun.AgainstAsync(server, "restore", "undo", "acme", "op-0");
        var done = await CliRun.AgainstAsync(server, "restore", "undo", "acme", "op-0", "--wait");

        Assert.Equal(new CliRun(0, OperationAnswers.Running("0.0", "undo") + Environment.NewLine, ""), begun);
        Assert.Equal((0, OperationAnswers.Succeeded("undo") + Environment.NewLine), (done.ExitCode, done.Out));
    }

    [Fact]
    public async Task A_backup_that_is_not_there_is_refused()
    {
        await using var server = await FrontDoorStub.RefusingAsync(404, """{"status":404,"code":"backup_not_found","detail":"Why."}""");

        var run = await CliRun.AgainstAsync(server, "restore", "acme", "b-1", "--yes", "--wait");

        Assert.Equal(new CliRun(1, "", "backup_not_found: Why." + Environment.NewLine), run);
    }
}
