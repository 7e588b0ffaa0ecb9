namespace Kataven.Cli.Tests.Cluster;

public sealed class ClusterTests
{
    [Fact]
    public async Task The_cluster_shows_silos_and_budget()
    {
        await using var server = await FrontDoorStub.StartAsync(
            200, """{"silos":[{"name":"s1","role":"silo","connections":3}],"budget":83,"leased":8}""");

        var run = await CliRun.OnTerminalAsync(server, "cluster");

        Assert.Equal("GET /api/admin/cluster", Assert.Single(server.Received).Line);
        Assert.EndsWith("(1 row)\nbudget: 83\nleased: 8\n", run.Out.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }
}
