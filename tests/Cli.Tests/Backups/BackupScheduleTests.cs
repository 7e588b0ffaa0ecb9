namespace Kataven.Cli.Tests.Backups;

public sealed class BackupScheduleTests
{
    private const string Verified = """{"every":"1.00:00:00","keep":7,"verify_every":"7.00:00:00"}""";

    private const string Unverified = """{"every":"1.00:00:00","keep":7,"verify_every":null}""";

    private const string None = """{"every":null,"keep":null,"verify_every":null}""";

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE", "--remove")]
    public async Task A_schedule_is_shown_and_removed(string method, params string[] options)
    {
        await using var server = await FrontDoorStub.StartAsync(200, Verified);

        var run = await CliRun.AgainstAsync(server, ["backup", "schedule", "acme", .. options]);

        Assert.Equal(new CliRun(0, Verified + Environment.NewLine, ""), run);
        Assert.Equal(($"{method} /api/admin/accounts/acme/backup-schedule", ""), (Assert.Single(server.Received).Line, server.Received[0].Body));
    }

    [Theory]
    [InlineData(None, """{"every":"1.00:00:00","keep":7}""", "--every", "1.00:00:00", "--keep", "7")]
    [InlineData(None, """{"every":"12:00:00","keep":1,"verify_every":"7.00:00:00"}""", "--every", "12h", "--keep", "1", "--verify-every", "7d")]
    [InlineData(Verified, """{"every":"12:00:00","keep":1,"verify_every":"02:00:00"}""", "--every", "12h", "--keep", "1", "--verify-every", "2h")]
    public async Task A_schedule_is_set_and_the_answer_shown(string now, string body, params string[] options)
    {
        await using var server = await ScheduledAsync(now);

        var run = await CliRun.AgainstAsync(server, ["backup", "schedule", "acme", .. options]);

        Assert.Equal(new CliRun(0, """{"set":true}""" + Environment.NewLine, ""), run);
        Assert.Equal(body, Put(server).Body);
    }

    [Theory]
    [InlineData(Verified, """{"every":"1.00:00:00","keep":14,"verify_every":"7.00:00:00"}""", "--keep", "14")]
    [InlineData(Unverified, """{"every":"1.00:00:00","keep":14}""", "--keep", "14")]
    [InlineData(Verified, """{"every":"12:00:00","keep":7,"verify_every":"7.00:00:00"}""", "--every", "12h")]
    [InlineData(Verified, """{"every":"12:00:00","keep":3,"verify_every":"7.00:00:00"}""", "--every", "12h", "--keep", "3")]
    [InlineData(Unverified, """{"every":"1.00:00:00","keep":7,"verify_every":"01:00:00"}""", "--verify-every", "1h")]
    [InlineData(Verified, """{"every":"1.00:00:00","keep":7}""", "--no-verify")]
    public async Task What_is_not_said_of_a_schedule_stays_as_it_is(string now, string body, params string[] options)
    {
        await using var server = await ScheduledAsync(now);

        var run = await CliRun.AgainstAsync(server, ["backup", "schedule", "acme", .. options]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(body, Put(server).Body);
    }

    [Theory]
    [InlineData("--keep", "14")]
    [InlineData("--every", "12h")]
    [InlineData("--verify-every", "7d")]
    public async Task Where_there_is_none_it_has_to_be_said_whole_and_nothing_is_set(params string[] options)
    {
        await using var server = await ScheduledAsync(None);

        var run = await CliRun.AgainstAsync(server, ["backup", "schedule", "acme", .. options]);

        Assert.Equal(new CliRun(1, "", "acme has no schedule yet: say --every and --keep." + Environment.NewLine), run);
        Assert.Equal("GET", Assert.Single(server.Received).Method);
    }

    [Fact]
    public async Task An_account_that_is_not_there_is_told_and_nothing_is_set()
    {
        await using var server = await RouteStub.StartAsync(("GET /accounts/acme/backup-schedule", [StubAnswer.Refusal(404, "account_not_found")]));

        var run = await CliRun.AgainstAsync(server, "backup", "schedule", "acme", "--keep", "14");

        Assert.Equal(new CliRun(1, "", "account_not_found: Why." + Environment.NewLine), run);
        Assert.Equal("GET", Assert.Single(server.Received).Method);
    }

    [Fact]
    public async Task A_schedule_that_is_gone_has_nothing_to_show()
    {
        await using var server = await FrontDoorStub.StartAsync(204, "");

        var run = await CliRun.OnTerminalAsync(server, "backup", "schedule", "acme", "--remove");

        Assert.Equal(new CliRun(0, "acme: schedule removed" + Environment.NewLine, ""), run);
    }

    private static Task<FrontDoorStub> ScheduledAsync(string now) => RouteStub.StartAsync(
        ("GET /accounts/acme/backup-schedule", [now]),
        ("PUT /accounts/acme/backup-schedule", ["""{"set":true}"""]));

    private static Received Put(FrontDoorStub server) => Assert.Single(server.Received, static request => request.Method == "PUT");
}
