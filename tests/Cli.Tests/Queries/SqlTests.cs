using System.Text.Json.Nodes;

namespace Kataven.Cli.Tests.Queries;

public sealed class SqlTests
{
    [Fact]
    public async Task The_statement_goes_to_the_account_with_a_token_of_its_own()
    {
        await using var server = await FrontDoorStub.StartAsync(200, Answers.Rows);

        var run = await CliRun.AgainstAsync(server, "sql", "acme", "select 1");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("""{"account_id":"acme"}""", Assert.Single(server.TokenRequests).Body);
        var request = Assert.Single(server.Received);
        Assert.Equal("POST /api/query", request.Line);
        Assert.Equal("acme", request.Account);
        Assert.Equal("Bearer dev-token", request.Authorization);
        Assert.Equal("application/json", request.Accept);
        Assert.Equal("""{"sql":"select 1"}""", request.Body);
    }

    [Fact]
    public async Task A_token_that_is_given_is_used_and_none_is_asked_for()
    {
        await using var server = await FrontDoorStub.StartAsync(200, Answers.Rows);

        await CliRun.AgainstAsync(server, "sql", "acme", "select 1", "--token", "given");
        await CliRun.WithAsync(server, static c => c with { Variable = static name => name == "KATAVEN_TOKEN" ? "from-env\n" : null }, "sql", "acme", "select 1");

        Assert.Empty(server.TokenRequests);
        Assert.Equal(["Bearer given", "Bearer from-env"], server.Received.Select(static r => r.Authorization));
    }

    [Fact]
    public async Task Parameters_keep_the_order_of_the_command_line_and_text_stays_text()
    {
        await using var server = await FrontDoorStub.StartAsync(200, Answers.Rows);

        await CliRun.AgainstAsync(
            server, "sql", "acme", "--param", "7", "select $1", "--param-json", "[1,null,2.50]", "--param=-x", "--param-json", "null", "--param", "@f", "--param", "--");

        var body = JsonNode.Parse(Assert.Single(server.Received).Body)!;
        Assert.Equal("select $1", (string?)body["sql"]);
        Assert.Equal("""["7",[1,null,2.50],"-x",null,"@f","--"]""", body["params"]!.ToJsonString());
    }

    [Fact]
    public async Task Negative_numbers_and_comments_are_values_not_options()
    {
        await using var server = await FrontDoorStub.StartAsync(200, Answers.Rows);

        var run = await CliRun.AgainstAsync(server, "sql", "acme", "-- why\nselect $1", "--param", "-5");

        Assert.Equal("", run.Error);
        Assert.Equal("""{"sql":"-- why\nselect $1","params":["-5"]}""", Assert.Single(server.Received).Body);
    }

    [Theory]
    [InlineData("--read-only", """{"sql":"select 1","read_only":true}""")]
    [InlineData("--read-write", """{"sql":"select 1","read_only":false}""")]
    [InlineData("--timeout=500ms", """{"sql":"select 1","timeout_ms":500}""")]
    [InlineData("--timeout=1.5", """{"sql":"select 1","timeout_ms":1500}""")]
    public async Task Options_become_members_of_the_body(string option, string expected)
    {
        await using var server = await FrontDoorStub.StartAsync(200, Answers.Rows);

        await CliRun.AgainstAsync(server, "sql", "acme", "select 1", option);

        Assert.Equal(expected, Assert.Single(server.Received).Body);
    }

    [Fact]
    public async Task The_statement_is_read_from_standard_input_or_a_file()
    {
        await using var server = await FrontDoorStub.StartAsync(200, Answers.Rows);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "select 'file'", TestContext.Current.CancellationToken);
        using var input = new StringReader("select 'input'\n");

        await CliRun.WithAsync(server, c => c with { In = input }, "sql", "acme");
        await CliRun.AgainstAsync(server, "sql", "acme", "--file", file);
        File.Delete(file);

        Assert.Equal(
            ["select 'input'\n", "select 'file'"],
            server.Received.Select(static r => (string?)JsonNode.Parse(r.Body)!["sql"]));
    }

    [Fact]
    public async Task Json_is_the_answer_as_it_came()
    {
        var answer = """{"command":"SELECT","row_count":1,"columns":[{"name":"n","type":"numeric"}],"rows":[[1.2300000000000000000000000001]]}""";
        await using var server = await FrontDoorStub.StartAsync(200, answer);

        var run = await CliRun.AgainstAsync(server, "sql", "acme", "select 1");

        Assert.Equal(answer + Environment.NewLine, run.Out);
    }

    [Fact]
    public async Task A_table_is_drawn_on_a_terminal()
    {
        await using var server = await FrontDoorStub.StartAsync(200, Answers.Rows);

        var run = await CliRun.OnTerminalAsync(server, "sql", "acme", "select 1");

        Assert.Equal(
            """
            ╭───────┬───────╮
            │    id │ name  │
            ├───────┼───────┤
            │     7 │ seven │
            │ 12345 │ NULL  │
            │     1 │       │
            ╰───────┴───────╯
            (3 rows)

            """,
            run.Out);
    }

    [Fact]
    public async Task Nulls_are_dim_where_the_terminal_can_show_it()
    {
        await using var server = await FrontDoorStub.StartAsync(200, Answers.Rows);

        var run = await CliRun.WithAsync(server, static c => c with { OutIsTerminal = true, Decorated = true }, "sql", "acme", "select 1");

        Assert.Contains("\u001b[2mNULL\u001b[0m", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INSERT", "2", "INSERT 2")]
    [InlineData("CREATE TABLE", "0", "CREATE TABLE")]
    [InlineData("CREATE TABLE", "null", "CREATE TABLE")]
    public async Task A_statement_without_a_result_shows_its_tag(string command, string count, string expected)
    {
        await using var server = await FrontDoorStub.StartAsync(
            200, $$"""{"command":"{{command}}","row_count":{{count}},"columns":[],"rows":[]}""");

        var run = await CliRun.OnTerminalAsync(server, "sql", "acme", "…");

        Assert.Equal(expected + Environment.NewLine, run.Out);
    }

    [Fact]
    public async Task A_key_goes_into_its_header_and_nowhere_else()
    {
        await using var server = await FrontDoorStub.StartAsync(200, Answers.Rows);

        await CliRun.AgainstAsync(server, "sql", "acme", "insert into t values (1)", "--idempotency-key", "order 7, please");

        var request = Assert.Single(server.Received);
        Assert.Equal(("order 7, please", """{"sql":"insert into t values (1)"}"""), (request.IdempotencyKey, request.Body));
    }
}
