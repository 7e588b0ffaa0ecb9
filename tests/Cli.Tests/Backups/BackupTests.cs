using Kataven.Cli.Tests.Operations;

namespace Kataven.Cli.Tests.Backups;

public sealed class BackupTests
{
    private static readonly string Begun = OperationAnswers.Running("0.0");

    [Theory]
    [InlineData("POST /api/admin/accounts/acme/backups", "create", "acme")]
    [InlineData("POST /api/admin/accounts/acme/backups/b-1/verification", "verify", "acme", "b-1")]
    public async Task What_is_begun_is_shown_and_not_waited_for(string expected, params string[] args)
    {
        await using var server = await FrontDoorStub.StartAsync(202, Begun);

        var run = await CliRun.AgainstAsync(server, ["backup", .. args]);

        Assert.Equal(new CliRun(0, Begun + Environment.NewLine, ""), run);
        Assert.Equal((expected, ""), (Assert.Single(server.Received).Line, server.Received[0].Body));
    }

    [Fact]
    public async Task A_verification_can_be_waited_for()
    {
        await using var server = await RouteStub.StartAsync(
            ("POST /accounts/acme/backups/b-1/verification", [OperationAnswers.Running("0.0", "verification")]),
            ("GET /operations/op-1", [OperationAnswers.Succeeded("verification")]));

        var run = await CliRun.AgainstAsync(server, "backup", "verify", "acme", "b-1", "--wait");

        Assert.Equal((0, OperationAnswers.Succeeded("verification") + Environment.NewLine), (run.ExitCode, run.Out));
        Assert.Equal(["verification of acme: running, 0 %", "verification of acme: succeeded, 100 %"], run.ErrorLines);
    }

    [Fact]
    public async Task An_operation_that_excludes_this_one_is_told()
    {
        await using var server = await FrontDoorStub.RefusingAsync(409, """{"status":409,"code":"operation_running","detail":"op-0 is running."}""");

        var run = await CliRun.AgainstAsync(server, "backup", "create", "acme", "--wait");

        Assert.Equal(new CliRun(1, "", "operation_running: op-0 is running." + Environment.NewLine), run);
    }

    [Fact]
    public async Task Backups_are_listed()
    {
        await using var server = await RouteStub.StartAsync(
            ("GET /accounts/acme/backups", ["""{"backups":[{"backup_id":"b-1","status":"complete","bytes":12}]}"""]));

        var run = await CliRun.AgainstAsync(server, "backup", "list", "acme", "--output", "csv");

        Assert.Equal(new CliRun(0, "backup_id,status,bytes\r\nb-1,complete,12\r\n", ""), run);
    }

    [Fact]
    public async Task Delete_with_yes_asks_nobody()
    {
        await using var server = await FrontDoorStub.StartAsync(204, "");

        var run = await CliRun.AgainstAsync(server, "backup", "delete", "acme", "b-1", "--yes", "--output", "table");

        Assert.Equal(new CliRun(0, "b-1: deleted" + Environment.NewLine, ""), run);
        Assert.Equal("DELETE /api/admin/accounts/acme/backups/b-1", Assert.Single(server.Received).Line);
    }

    [Theory]
    [InlineData("acme\n", 0, 1)]
    [InlineData("b-1\n", 2, 0)]
    [InlineData("", 2, 0)]
    public async Task Delete_on_a_terminal_wants_the_slug_typed(string typed, int exitCode, int requests)
    {
        await using var server = await FrontDoorStub.StartAsync(204, "");

        var run = await CliRun.TypingAsync(server, typed, "backup", "delete", "acme", "b-1");

        Assert.Equal((exitCode, requests), (run.ExitCode, server.Received.Count));
        Assert.StartsWith("This deletes the backup b-1 of acme. Type its slug to go on: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_without_a_terminal_wants_yes()
    {
        await using var server = await FrontDoorStub.StartAsync(204, "");

        var run = await CliRun.AgainstAsync(server, "backup", "delete", "acme", "b-1");

        Assert.Equal((2, 0), (run.ExitCode, server.Received.Count));
        Assert.Contains("--yes", run.Error, StringComparison.Ordinal);
    }
}
