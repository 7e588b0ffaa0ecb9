using System.Text.Json.Nodes;

namespace Kataven.Cli.Tests.Isolation;

public sealed class IsolationAuditTests
{
    [Fact]
    public async Task Every_active_account_is_looked_at_page_by_page()
    {
        await using var server = await IsolationStub.StartAsync(IsolationStub.GoodServer);

        var run = await CliRun.OnTerminalAsync(server, "isolation", "audit");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.EndsWith(
            "(0 rows)\nPostgreSQL 15.1, isolation version 3; accounts checked: 3, not sound: 0, not checked: 0\n",
            run.Out.ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
        Assert.Equal(
            ["GET /api/admin/isolation", "GET /api/admin/accounts?status=active&limit=500", "GET /api/admin/accounts?status=active&after=b&limit=500"],
            server.Received.Take(3).Select(static r => r.Line));
        Assert.Equal(
            ["GET /api/admin/accounts/a/isolation", "GET /api/admin/accounts/b/isolation", "GET /api/admin/accounts/c/isolation"],
            server.Received.Skip(3).Select(static r => r.Line).Order());
    }

    [Fact]
    public async Task Only_what_is_wrong_is_shown_unless_all_is_asked_for()
    {
        await using var server = await IsolationStub.StartAsync(IsolationStub.GoodServer, failed: "stamp");

        var wrong = await CliRun.AgainstAsync(server, "isolation", "audit", "--output", "csv");
        var all = await CliRun.AgainstAsync(server, "isolation", "audit", "--all", "--output", "csv");

        Assert.Equal((4, 4), (wrong.ExitCode, all.ExitCode));
        Assert.Equal("severity,account_id,check,detail\r\nwrong,b,stamp,The stamp.\r\n", wrong.Out);
        Assert.Equal(7, all.Out.TrimEnd().Split("\r\n").Length);
        Assert.Contains("ok,c,stamp,The stamp.\r\n", all.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_it_is_one_document_with_the_servers_own_reports()
    {
        await using var server = await IsolationStub.StartAsync(IsolationStub.GoodServer, failed: "stamp");

        var run = await CliRun.AgainstAsync(server, "isolation", "audit");

        var expected = $$"""{"server":{{IsolationStub.GoodServer}},"accounts":[{{IsolationStub.Report("b", "stamp")}}],"unchecked":[],"accounts_checked":3,"accounts_not_sound":1,"accounts_not_checked":0}""";
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(run.Out)), run.Out);
    }

    [Fact]
    public async Task A_finding_on_the_server_is_wrong_and_no_account_needs_to_be_looked_at_for_it()
    {
        await using var server = await IsolationStub.StartAsync(
            IsolationStub.GoodServer.Replace("\"findings\":[]", "\"findings\":[\"PUBLIC can connect to acme\"]", StringComparison.Ordinal));

        var run = await CliRun.OnTerminalAsync(server, "isolation", "audit", "--server-only");

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("(server)", run.Out, StringComparison.Ordinal);
        Assert.Contains("PUBLIC can connect to acme", run.Out, StringComparison.Ordinal);
        Assert.Single(server.Received);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4, "--strict")]
    public async Task What_the_server_cannot_give_is_told_once_and_counts_only_when_strict(int exitCode, params string[] options)
    {
        await using var server = await IsolationStub.StartAsync(IsolationStub.LackingServer, failed: "guard_triggers");

        var run = await CliRun.AgainstAsync(server, ["isolation", "audit", "--output", "csv", .. options]);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(
            "severity,account_id,check,detail\r\n"
            + "warning,,guard_triggers,The service's role is no superuser.\r\n"
            + "warning,,jit,\"is 'on', should be 'off': compiling\"\r\n",
            run.Out);
    }

    [Theory]
    [InlineData(503, "database_unavailable", 3)]
    [InlineData(500, "internal_error", 3)]
    [InlineData(400, "invalid_request", 1)]
    public async Task An_account_that_could_not_be_looked_at_is_told_and_the_others_are_looked_at(int status, string code, int exitCode)
    {
        await using var server = await IsolationStub.StartRefusingAsync(status, code);

        var run = await CliRun.AgainstAsync(server, "isolation", "audit", "--output", "csv");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal($"severity,account_id,check,detail\r\nunchecked,b,{code},Why.\r\n", run.Out);
        Assert.Equal($"b: {code}: Why." + Environment.NewLine, run.Error);
        Assert.Equal(3, server.Received.Count(static r => r.Target.EndsWith("/isolation", StringComparison.Ordinal) && r.Target.Contains("/accounts/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_account_that_went_meanwhile_is_nothing_wrong()
    {
        await using var server = await IsolationStub.StartRefusingAsync(404, "account_not_found");

        var run = await CliRun.OnTerminalAsync(server, "isolation", "audit");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("accounts checked: 2, not sound: 0, not checked: 0", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"server_version":"15.1"}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    public async Task An_answer_in_another_form_is_no_clean_bill(string answer)
    {
        await using var server = await IsolationStub.StartAsync(answer);

        var run = await CliRun.AgainstAsync(server, "isolation", "audit");

        Assert.Equal((3, ""), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task A_token_that_may_not_administer_is_refused()
    {
        await using var server = await FrontDoorStub.RefusingAsync(403, """{"status":403,"code":"admin_only","detail":"No."}""");

        var run = await CliRun.AgainstAsync(server, "isolation", "audit");

        Assert.Equal((1, "admin_only: No." + Environment.NewLine), (run.ExitCode, run.Error));
    }
}
