namespace Kataven.Cli.Tests.Queries;

public sealed class HarmfulCharactersTests
{
    // In JSON a control character below 32 is escaped by the server, but DEL, C1 and those that reorder text are not.
    private const string Harmful =
        "{\"command\":\"SELECT\",\"row_count\":1,\"columns\":[{\"name\":\"a\\u001b[31m\",\"type\":\"text\"}],\"rows\":[[\"x\\u001b]0;t\\u0007\\r\\n\\ty\u009b2J\u202e\"]]}";

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    public async Task A_terminal_gets_no_control_character_from_data(string form)
    {
        await using var server = await FrontDoorStub.StartAsync(200, Harmful);

        var run = await CliRun.OnTerminalAsync(server, "sql", "acme", "select 1", "--output", form);

        AssertHarmless(run.Out);
        Assert.Contains("\\u001b]0;t", run.Out, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\\u009B2J\\u202E", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_on_a_terminal_is_escaped_and_elsewhere_is_left_alone()
    {
        const string csv = "a\r\n\"x\u001b[31m\ry\"\r\n";
        await using var server = await FrontDoorStub.StartAsync(200, csv, "text/csv");

        var terminal = await CliRun.OnTerminalAsync(server, "sql", "acme", "select 1", "--output", "csv");
        var file = await CliRun.AgainstAsync(server, "sql", "acme", "select 1", "--output", "csv");

        Assert.Equal("a\n\"x\\u001B[31m\\u000Dy\"\n", terminal.Out);
        Assert.Equal(csv, file.Out);
    }

    [Fact]
    public async Task An_error_gets_no_control_character_from_data()
    {
        await using var server = await FrontDoorStub.RefusingAsync(
            400, """{"status":400,"code":"sql_error","message":"bad\u001b[2J","hint":"h\u0007","detail":"d\u009b","position":3}""");

        var run = await CliRun.AgainstAsync(server, "sql", "acme", "se\u001blect");

        AssertHarmless(run.Error);
        Assert.Contains("bad\\u001B[2J", run.Error, StringComparison.Ordinal);
    }

    private static void AssertHarmless(string text) =>
        Assert.DoesNotContain(text, static c => (char.IsControl(c) && c != '\n') || c == '\u202e');
}
