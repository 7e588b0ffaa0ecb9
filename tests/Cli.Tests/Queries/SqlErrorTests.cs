namespace Kataven.Cli.Tests.Queries;

public sealed class SqlErrorTests
{
    [Fact]
    public async Task An_error_of_postgres_shows_where_it_is()
    {
        await using var server = await FrontDoorStub.RefusingAsync(404, Answers.UnknownTable);

        var run = await CliRun.AgainstAsync(server, "sql", "acme", "select 1,\n  '😀' from nix");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("", run.Out);
        Assert.Equal(
            """
            sql_error: relation "nix" does not exist (SQLSTATE 42P01)
            LINE 2:   '😀' from nix
                                ^
            HINT:  Look again.

            """,
            run.Error);
    }

    [Theory]
    [InlineData(400, 1)]
    [InlineData(401, 1)]
    [InlineData(403, 1)]
    [InlineData(409, 1)]
    [InlineData(429, 3)]
    [InlineData(500, 3)]
    [InlineData(503, 3)]
    [InlineData(504, 3)]
    public async Task The_exit_code_says_whether_to_try_again(int status, int exitCode)
    {
        await using var server = await FrontDoorStub.RefusingAsync(
            status, $$"""{"title":"t","status":{{status}},"detail":"why","code":"some_code"}""");

        var run = await CliRun.AgainstAsync(server, "sql", "acme", "select 1");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal("some_code: why" + Environment.NewLine, run.Error);
    }

    [Fact]
    public async Task The_time_to_wait_and_the_trace_are_told()
    {
        await using var server = await FrontDoorStub.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "2";
            return FrontDoorStub.WriteAsync(context, 503, """{"detail":"8 of 8 lanes busy","code":"overloaded","trace_id":"abc"}""");
        });

        var run = await CliRun.AgainstAsync(server, "sql", "acme", "select 1");

        Assert.Equal(["overloaded: 8 of 8 lanes busy", "Try again in 2 s.", "Trace: abc"], run.Error.TrimEnd().Split(Environment.NewLine));
    }

    [Fact]
    public async Task An_error_that_is_no_problem_document_is_told_by_its_status()
    {
        await using var server = await FrontDoorStub.StartAsync(502, "<html>", "text/html");

        var run = await CliRun.AgainstAsync(server, "sql", "acme", "select 1");

        Assert.Equal(3, run.ExitCode);
        Assert.Equal("http_502: Bad Gateway" + Environment.NewLine, run.Error);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_3()
    {
        string address;
        await using (var server = await FrontDoorStub.StartAsync(200, ""))
            address = server.Address;

        var run = await CliRun.RunAsync(static c => c, "sql", "acme", "select 1", "--server", address);

        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith($"The server at {address} could not be reached", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_development_issuer_the_way_out_is_named()
    {
        await using var server = await FrontDoorStub.StartAsync(static _ => Task.CompletedTask, isDevelopment: false);

        var run = await CliRun.AgainstAsync(server, "sql", "acme", "select 1");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("--token", run.Error, StringComparison.Ordinal);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task Something_else_that_answers_200_is_not_believed()
    {
        await using var server = await FrontDoorStub.StartAsync(200, "<html>hello</html>", "text/html");

        var run = await CliRun.OnTerminalAsync(server, "sql", "acme", "select 1", "--token", "t");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("--server", run.Error, StringComparison.Ordinal);
    }
}
