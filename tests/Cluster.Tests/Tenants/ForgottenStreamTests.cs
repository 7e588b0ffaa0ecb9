using Kataven.Cluster.Tests.Silos;
using Kataven.Errors;
using Kataven.Grains.Tenants;
using Kataven.Queries;
using Kataven.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kataven.Cluster.Tests.Tenants;

/// <summary>What the client of a stream is told that comes back after the service has given the stream up.</summary>
public sealed class ForgottenStreamTests(ForgetfulSilos silos) : IClassFixture<ForgetfulSilos>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private SiloCluster Cluster => silos.Cluster;

    [Fact]
    public async Task A_write_that_was_committed_before_its_rows_were_taken_is_not_said_to_be_cancelled()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        await account.DoneAsync("CREATE TABLE item (id int)");

        // Some three parts, and so little more that PostgreSQL need not wait for anybody to take it.
        var refusal = await ForgetAsync(account, "INSERT INTO item SELECT i FROM generate_series(1, 210) i RETURNING repeat('x', 1000)");

        Assert.Equal("210", await account.ValueAsync("SELECT count(*) FROM item"));
        Assert.Equal(ErrorCode.OutcomeUnknown, refusal.Code);
    }

    /// <returns>What the last part says of a stream of which only the first was taken in time.</returns>
    private async Task<Refusal> ForgetAsync(TestAccount account, string sql)
    {
        var part = await account.OpenStreamAsync(sql);
        var stream = part.Stream!.Value;
        await Eventually.Async(() => Pool(account).Lanes.Counts.Busy == 0, Patience, "the stream is given up");
        while (part.Refusal is null)
        {
            Assert.NotNull(part.Stream);
            part = await account.Tenant(0).NextPartAsync(stream, CancellationToken.None);
        }

        return part.Refusal;
    }

    private TenantPool Pool(TestAccount account) => Assert.Single(
        Enumerable.Range(0, Cluster.Count).SelectMany(silo => Cluster.Services(silo).GetRequiredService<TenantPools>().All), pool => pool.Account == account.Id);
}
