using System.Net.Sockets;

namespace Kataven.Cli.Tests.Isolation;

/// <summary>Repair and rotation.</summary>
public sealed class IsolationRunTests
{
    [Fact]
    public async Task Repair_asks_for_each_account_once_in_the_order_given()
    {
        await using var server = await IsolationStub.StartAsync(IsolationStub.GoodServer);

        var run = await CliRun.AgainstAsync(server, "isolation", "repair", "c", "a", "c");

        Assert.Equal(
            ["POST /api/admin/accounts/c/isolation/repair", "POST /api/admin/accounts/a/isolation/repair"],
            server.Received.Select(static r => r.Line));
        Assert.Equal(
            new CliRun(0, """{"accounts":[{"account_id":"c","outcome":"repaired","detail":null},{"account_id":"a","outcome":"repaired","detail":null}]}""" + Environment.NewLine, ""),
            run);
    }

    [Theory]
    [InlineData("repair", "/isolation/repair")]
    [InlineData("rotate", "/credentials/rotation")]
    public async Task With_all_it_is_every_active_account(string command, string resource)
    {
        await using var server = await IsolationStub.StartAsync(IsolationStub.GoodServer);

        var run = await CliRun.AgainstAsync(server, "isolation", command, "--all");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            [$"POST /api/admin/accounts/a{resource}", $"POST /api/admin/accounts/b{resource}", $"POST /api/admin/accounts/c{resource}"],
            server.Received.Where(static r => r.Method == "POST").Select(static r => r.Line));
    }

    [Theory]
    [InlineData("repair", 403, "account_inactive", 1)]
    [InlineData("repair", 503, "database_unavailable", 3)]
    [InlineData("repair", 503, "isolation_violation", 4)]
    [InlineData("rotate", 404, "account_not_found", 1)]
    [InlineData("rotate", 503, "database_unavailable", 3)]
    public async Task It_goes_on_after_a_failure_and_says_which_failed(string command, int status, string code, int exitCode)
    {
        await using var server = await IsolationStub.StartRefusingAsync(status, code);

        var run = await CliRun.AgainstAsync(server, "isolation", command, "a", "b", "c", "--output", "csv");

        var done = command == "repair" ? "repaired" : "rotated";
        Assert.Equal(
            new CliRun(
                exitCode,
                $"account_id,outcome,detail\r\na,{done},\r\nb,failed,{code}: Why.\r\nc,{done},\r\n",
                $"b: {code}: Why." + Environment.NewLine),
            run);
    }

    [Theory]
    [InlineData(IsolationStub.GoodServer, "stamp", 4, "b,not_sound,stamp")]
    [InlineData(IsolationStub.LackingServer, "guard_triggers", 0, "b,repaired,cannot be had on this server: guard_triggers")]
    public async Task What_a_repair_did_not_bring_is_told(string report, string failed, int exitCode, string line)
    {
        await using var server = await IsolationStub.StartAsync(report, failed);

        var run = await CliRun.AgainstAsync(server, "isolation", "repair", "b", "--output", "csv");

        Assert.Equal(new CliRun(exitCode, $"account_id,outcome,detail\r\n{line}\r\n", ""), run);
    }

    [Theory]
    [InlineData("unauthorized", 401)]
    [InlineData("admin_only", 403)]
    public async Task A_refusal_of_the_token_itself_ends_it(string code, int status)
    {
        await using var server = await IsolationStub.StartRefusingAsync(status, code);

        var run = await CliRun.AgainstAsync(server, "isolation", "rotate", "b", "a", "c", "--output", "csv");

        Assert.Equal((1, 1), (run.ExitCode, server.Received.Count));
        Assert.EndsWith("Given up: 2 more were not asked for." + Environment.NewLine, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_is_given_up_after_a_few_tries()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}";
        listener.Stop();

        var run = await CliRun.RunAsync(
            c => c with { Variable = CliRun.Variables(address) }, "isolation", "repair", "a", "b", "c", "d", "e", "--token", "t", "--output", "ndjson");

        Assert.Equal(3, run.ExitCode);
        Assert.Equal(3, run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.EndsWith("Given up: 2 more were not asked for." + Environment.NewLine, run.Error, StringComparison.Ordinal);
    }
}
