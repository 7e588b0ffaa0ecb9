using Microsoft.AspNetCore.Http;

namespace Kataven.Cli.Tests.Accounts;

public sealed class AccountsTests
{
    [Fact]
    public async Task Create_sends_what_was_given_and_nothing_else()
    {
        await using var server = await FrontDoorStub.StartAsync(201, Answers.Account);

        var plain = await CliRun.AgainstAsync(server, "accounts", "create", "acme", "--name", "Acme Ltd");
        await CliRun.AgainstAsync(
            server, "accounts", "create", "acme", "--name", "A", "--org-id", "42", "--max-lanes", "4", "--max-queue", "9", "--wait-timeout", "2s",
            "--statement-timeout", "1m", "--max-result-bytes", "1048576", "--requests-per-second", "0");

        Assert.Equal(0, plain.ExitCode);
        Assert.Equal(Answers.Account + Environment.NewLine, plain.Out);
        Assert.All(server.Received, static request => Assert.Equal("POST /api/admin/accounts", request.Line));
        Assert.Equal("""{"account_id":"acme","account_name":"Acme Ltd"}""", server.Received[0].Body);
        Assert.Equal(
            """{"account_id":"acme","account_name":"A","org_id":"42","limits":{"max_lanes":4,"max_queue":9,"wait_timeout_ms":2000,"statement_timeout_ms":60000,"max_result_bytes":1048576,"requests_per_second":0}}""",
            server.Received[1].Body);
    }

    [Fact]
    public async Task Administration_asks_for_the_administration_accounts_token()
    {
        await using var server = await FrontDoorStub.StartAsync(200, Answers.Account);

        await CliRun.AgainstAsync(server, "accounts", "show", "acme");

        Assert.Equal("""{"account_id":"kataven-admin"}""", Assert.Single(server.TokenRequests).Body);
        Assert.Equal("GET /api/admin/accounts/acme", Assert.Single(server.Received).Line);
        Assert.Equal("", server.Received[0].Account);
    }

    [Fact]
    public async Task Suspend_and_resume_are_a_suspension_put_and_taken_away()
    {
        await using var server = await FrontDoorStub.StartAsync(200, Answers.Account);

        await CliRun.AgainstAsync(server, "accounts", "suspend", "acme", "--reason", "unpaid");
        await CliRun.AgainstAsync(server, "accounts", "resume", "acme");

        Assert.Equal(
            [("PUT /api/admin/accounts/acme/suspension", """{"reason":"unpaid"}"""), ("DELETE /api/admin/accounts/acme/suspension", "")],
            server.Received.Select(static r => (r.Line, r.Body)));
    }

    [Fact]
    public async Task Show_draws_a_line_for_each_member()
    {
        await using var server = await FrontDoorStub.StartAsync(200, Answers.Account);

        var run = await CliRun.OnTerminalAsync(server, "accounts", "show", "acme");

        Assert.Contains("│ limits.max_lanes │ 4 ", run.Out, StringComparison.Ordinal);
        Assert.Contains("│ org_id           │ NULL ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_passes_its_filters_on()
    {
        await using var server = await FrontDoorStub.StartAsync(200, """{"accounts":[],"next":null}""");

        await CliRun.AgainstAsync(server, "accounts", "list", "--status", "active", "--query", "a&b", "--after", "acme", "--limit", "7");

        Assert.Equal("GET /api/admin/accounts?status=active&q=a%26b&after=acme&limit=7", Assert.Single(server.Received).Line);
    }

    [Fact]
    public async Task List_asks_for_those_behind_and_for_those_whose_backup_is_old_on_every_page()
    {
        await using var server = await FrontDoorStub.StartAsync(static context => FrontDoorStub.WriteAsync(
            context, 200, context.Request.Query["after"] == "a" ? """{"accounts":[],"next":null}""" : """{"accounts":[],"next":"a"}"""));

        await CliRun.AgainstAsync(server, "accounts", "list", "--behind", "--backup-older-than", "36h", "--all");

        Assert.Equal(
            [
                "GET /api/admin/accounts?behind=true&backup_older_than=1.12%3A00%3A00&limit=500",
                "GET /api/admin/accounts?behind=true&backup_older_than=1.12%3A00%3A00&after=a&limit=500",
            ],
            server.Received.Select(static r => r.Line));
    }

    [Fact]
    public async Task Create_can_begin_with_a_backup()
    {
        await using var server = await FrontDoorStub.StartAsync(201, Answers.Account);

        await CliRun.AgainstAsync(server, "accounts", "create", "acme", "--name", "A", "--from-backup", "b-1");

        Assert.Equal("""{"account_id":"acme","account_name":"A","from_backup":"b-1"}""", Assert.Single(server.Received).Body);
    }

    [Theory]
    [InlineData("json", """{"accounts":[{"account_id":"a","status":"active"},{"account_id":"b","status":"failed"}]}""" + "\n")]
    [InlineData("csv", "account_id,status\r\na,active\r\nb,failed\r\n")]
    [InlineData("ndjson", "{\"account_id\":\"a\",\"status\":\"active\"}\n{\"account_id\":\"b\",\"status\":\"failed\"}\n")]
    public async Task List_with_all_follows_the_pages(string form, string expected)
    {
        await using var server = await FrontDoorStub.StartAsync(static context => FrontDoorStub.WriteAsync(
            context,
            200,
            context.Request.Query["after"] == "a"
                ? """{"accounts":[{"account_id":"b","status":"failed"}],"next":null}"""
                : """{"accounts":[{"account_id":"a","status":"active"}],"next":"a"}"""));

        var run = await CliRun.AgainstAsync(server, "accounts", "list", "--all", "--output", form);

        Assert.Equal(expected, run.Out);
        Assert.Equal(
            ["GET /api/admin/accounts?limit=500", "GET /api/admin/accounts?after=a&limit=500"],
            server.Received.Select(static r => r.Line));
    }

    [Fact]
    public async Task A_list_that_does_not_move_on_is_given_up()
    {
        await using var server = await FrontDoorStub.StartAsync(200, """{"accounts":[],"next":"a"}""");

        var run = await CliRun.AgainstAsync(server, "accounts", "list", "--all");

        Assert.Equal(3, run.ExitCode);
        Assert.Equal(2, server.Received.Count);
    }

    [Theory]
    [InlineData("--yes", null, "DELETE /api/admin/accounts/acme?confirm=acme")]
    [InlineData("--yes", "--no-backup", "DELETE /api/admin/accounts/acme?confirm=acme&backup=false")]
    public async Task Delete_confirms_with_the_slug(string yes, string? noBackup, string expected)
    {
        await using var server = await FrontDoorStub.StartAsync(204, "");

        var run = await CliRun.AgainstAsync(
            server, noBackup is null ? ["accounts", "delete", "acme", yes] : ["accounts", "delete", "acme", yes, noBackup]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(expected, Assert.Single(server.Received).Line);
    }

    [Fact]
    public async Task Delete_asks_nobody_where_there_is_no_terminal()
    {
        await using var server = await FrontDoorStub.StartAsync(204, "");
        using var input = new StringReader("acme\n");

        var run = await CliRun.WithAsync(server, c => c with { In = input }, "accounts", "delete", "acme");

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(server.Received);
    }

    [Theory]
    [InlineData("acme\n", 0, 1)]
    [InlineData("y\n", 2, 0)]
    [InlineData("", 2, 0)]
    public async Task Delete_on_a_terminal_wants_the_slug_typed(string typed, int exitCode, int requests)
    {
        await using var server = await FrontDoorStub.StartAsync(204, "");
        using var input = new StringReader(typed);

        var run = await CliRun.WithAsync(server, c => c with { In = input, InIsTerminal = true }, "accounts", "delete", "acme");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(requests, server.Received.Count);
    }

    [Fact]
    public async Task A_refusal_shows_its_code_and_detail()
    {
        await using var server = await FrontDoorStub.RefusingAsync(
            StatusCodes.Status409Conflict, """{"title":"Taken","status":409,"detail":"There is an account acme.","code":"account_exists"}""");

        var run = await CliRun.AgainstAsync(server, "accounts", "create", "acme", "--name", "A");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("account_exists: There is an account acme." + Environment.NewLine, run.Error);
    }
}
