namespace Kataven.Cli.Tests.Audit;

public sealed class AuditTests
{
    [Theory]
    [InlineData("entries")]
    [InlineData("audit")]
    public async Task The_log_is_laid_out_whatever_its_list_is_called(string member)
    {
        await using var server = await FrontDoorStub.StartAsync(
            200, $$"""{"next":"9","{{member}}":[{"who":"u1","what":"account.created","account_id":"acme"}]}""");

        var run = await CliRun.OnTerminalAsync(server, "audit", "--account", "acme", "--after", "7");

        Assert.Equal("GET /api/admin/audit?account=acme&after=7", Assert.Single(server.Received).Line);
        Assert.Contains("account.created", run.Out, StringComparison.Ordinal);
        Assert.Contains("next: 9", run.Out, StringComparison.Ordinal);
    }
}
