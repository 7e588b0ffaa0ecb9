namespace Kataven.Cli.Tests.Migrations;

/// <summary>Runs for the accounts that are named.</summary>
public sealed class MigrateRunTests
{
    private const string Failed =
        """{"status":409,"code":"migration_failed","version":7,"sql_state":"42703","message":"column \"x\" does not exist"}""";

    [Fact]
    public async Task Named_accounts_are_migrated_one_after_the_other()
    {
        await using var server = await RouteStub.StartAsync(
            ("POST /accounts/b/migrations", ["""{"version":3,"applied":[{"version":2,"description":"items"},{"version":3,"description":"orders"}]}"""]),
            ("POST /accounts/a/migrations", ["""{"version":3,"applied":[]}"""]));

        var run = await CliRun.AgainstAsync(server, "migrate", "run", "b", "a", "b", "--target", "3");

        Assert.Equal(
            new CliRun(
                0,
                """{"accounts":[{"account_id":"b","outcome":"migrated","version":3,"applied":2,"detail":null},{"account_id":"a","outcome":"current","version":3,"applied":0,"detail":null}]}""" + Environment.NewLine,
                ""),
            run);
        Assert.Equal(
            [("POST /api/admin/accounts/b/migrations", """{"target":3}"""), ("POST /api/admin/accounts/a/migrations", """{"target":3}""")],
            server.Received.Select(static r => (r.Line, r.Body)));
    }

    [Fact]
    public async Task The_first_failure_ends_it()
    {
        await using var server = await RouteStub.StartAsync(("POST /accounts/a/migrations", [new StubAnswer(409, Failed)]));

        var run = await CliRun.AgainstAsync(server, "migrate", "run", "a", "b", "c", "--output", "ndjson");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            ["a: migration_failed: column \"x\" does not exist (migration 7, SQLSTATE 42703)", "Given up: 2 more were not asked for."],
            run.ErrorLines);
        Assert.Contains("\"outcome\":\"failed\"", Assert.Single(run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal("{}", Assert.Single(server.Received).Body);
    }

    [Theory]
    [InlineData(409, "migration_failed", 1)]
    [InlineData(503, "database_unavailable", 3)]
    public async Task It_goes_on_while_no_more_than_the_allowed_number_failed(int status, string code, int exitCode)
    {
        await using var server = await RouteStub.StartAsync(
            ("POST /accounts/a/migrations", [StubAnswer.Refusal(status, code)]),
            ("POST /accounts/b/migrations", ["""{"version":3,"applied":[]}"""]),
            ("POST /accounts/c/migrations", [StubAnswer.Refusal(409, "migration_failed")]));

        var run = await CliRun.AgainstAsync(server, "migrate", "run", "a", "b", "c", "d", "--max-failures", "1", "--output", "csv");

        Assert.Equal(
            new CliRun(
                exitCode,
                $"account_id,outcome,version,applied,detail\r\na,failed,,0,{code}: Why.\r\nb,current,3,0,\r\nc,failed,,0,migration_failed: Why.\r\n",
                string.Concat($"a: {code}: Why.", Environment.NewLine, "c: migration_failed: Why.", Environment.NewLine, "Given up: 1 more were not asked for.", Environment.NewLine)),
            run);
    }

    [Fact]
    public async Task A_refusal_of_the_token_itself_ends_it_however_many_failures_are_allowed()
    {
        await using var server = await FrontDoorStub.RefusingAsync(403, """{"status":403,"code":"admin_only","detail":"No."}""");

        var run = await CliRun.AgainstAsync(server, "migrate", "run", "a", "b", "--max-failures", "9");

        Assert.Equal((1, 1), (run.ExitCode, server.Received.Count));
    }
}
