namespace Kataven.Cli.Tests.Tokens;

public sealed class TokenTests
{
    [Theory]
    [InlineData(null, "kataven-admin")]
    [InlineData("acme", "acme")]
    public async Task A_token_stands_alone_on_its_line(string? account, string expected)
    {
        await using var server = await FrontDoorStub.StartAsync(static _ => Task.CompletedTask);

        var run = await CliRun.OnTerminalAsync(server, account is null ? ["token"] : ["token", account]);

        Assert.Equal(new CliRun(0, "dev-token" + Environment.NewLine, ""), run);
        Assert.Equal($$"""{"account_id":"{{expected}}"}""", Assert.Single(server.TokenRequests).Body);
    }

    [Fact]
    public async Task Without_the_issuer_the_refusal_is_told()
    {
        await using var server = await FrontDoorStub.StartAsync(static _ => Task.CompletedTask, isDevelopment: false);

        var run = await CliRun.AgainstAsync(server, "token");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("not_found: ", run.Error, StringComparison.Ordinal);
    }
}
