namespace Kataven.Cli.Tests.Pools;

public sealed class PoolsTests
{
    private const string Pools =
        """{"pools":[{"account_id":"acme","silo":"s1","state":"serving","lanes_open":2,"lanes_busy":1,"waiting":0,"age_ms":5000,"idle_ms":12}]}""";

    [Fact]
    public async Task Pools_are_listed()
    {
        await using var server = await FrontDoorStub.StartAsync(200, Pools);

        var run = await CliRun.WithAsync(server, static c => c with { OutIsTerminal = true, Width = 120 }, "pools", "list");

        Assert.Equal("GET /api/admin/pools", Assert.Single(server.Received).Line);
        Assert.Contains("│ acme       │ s1   │ serving │          2 │", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("(1 row)" + Environment.NewLine, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_too_wide_for_the_terminal_is_shown_as_a_record()
    {
        await using var server = await FrontDoorStub.StartAsync(200, Pools);

        var run = await CliRun.WithAsync(server, static c => c with { OutIsTerminal = true, Width = 40 }, "pools", "list");

        Assert.Contains("│ account_id │ acme    │", run.Out, StringComparison.Ordinal);
        Assert.Contains("│ idle_ms    │ 12      │", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pool_is_closed_and_warmed()
    {
        await using var server = await FrontDoorStub.StartAsync(static context => context.Request.Method == "DELETE"
            ? FrontDoorStub.WriteAsync(context, 204, "")
            : FrontDoorStub.WriteAsync(context, 200, """{"account_id":"acme","opened":true,"took_ms":7}"""));

        var closed = await CliRun.AgainstAsync(server, "pools", "close", "acme");
        var warm = await CliRun.AgainstAsync(server, "pools", "warm", "acme");

        Assert.Equal(["DELETE /api/admin/pools/acme", "POST /api/admin/pools/acme/warmth"], server.Received.Select(static r => r.Line));
        Assert.Equal(new CliRun(0, "", ""), closed);
        Assert.Equal("""{"account_id":"acme","opened":true,"took_ms":7}""", warm.Out.TrimEnd());
    }
}
