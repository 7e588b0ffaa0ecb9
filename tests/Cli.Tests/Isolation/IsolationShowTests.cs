namespace Kataven.Cli.Tests.Isolation;

public sealed class IsolationShowTests
{
    [Fact]
    public async Task The_checks_of_one_account_are_a_table()
    {
        await using var server = await IsolationStub.StartAsync(IsolationStub.GoodServer);

        var run = await CliRun.OnTerminalAsync(server, "isolation", "show", "b");

        Assert.Equal("GET /api/admin/accounts/b/isolation", Assert.Single(server.Received).Line);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("│ stamp          │ true │ The stamp. │", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("(2 rows)\naccount_id: b\nsound: true\nrole: t_1\nisolation_version: 3\n", run.Out.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_it_is_the_servers_answer()
    {
        await using var server = await IsolationStub.StartAsync(IsolationStub.GoodServer, failed: "stamp");

        var run = await CliRun.AgainstAsync(server, "isolation", "show", "b");

        Assert.Equal(new CliRun(4, IsolationStub.Report("b", "stamp") + Environment.NewLine, ""), run);
    }

    [Theory]
    [InlineData(IsolationStub.GoodServer, "stamp", 4)]
    [InlineData(IsolationStub.GoodServer, "guard_triggers", 4)]
    [InlineData(IsolationStub.LackingServer, "guard_triggers", 0)]
    [InlineData(IsolationStub.LackingServer, "stamp", 4)]
    public async Task What_the_server_cannot_give_is_not_the_accounts_fault(string report, string failed, int exitCode)
    {
        await using var server = await IsolationStub.StartAsync(report, failed);

        var run = await CliRun.AgainstAsync(server, "isolation", "show", "b");

        Assert.Equal(exitCode, run.ExitCode);
    }

    [Fact]
    public async Task An_unknown_account_is_refused()
    {
        await using var server = await IsolationStub.StartRefusingAsync(404, "account_not_found");

        var run = await CliRun.AgainstAsync(server, "isolation", "show", "b");

        Assert.Equal(new CliRun(1, "", "account_not_found: Why." + Environment.NewLine), run);
    }
}
