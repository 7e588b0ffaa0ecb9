using Kataven.Fleet.Tests.Operations;
using Kataven.Testing;

namespace Kataven.Fleet.Tests.Migrations;

[Collection(FleetCollection.Name)]
public sealed class MigrationTrafficTests(FleetService service)
{
    [Fact]
    public async Task Requests_wait_for_a_migration_and_none_fails()
    {
        var (slug, other) = (await service.NewAtAsync(2, "one"), await service.NewAccountAsync("other"));
        await service.QueryAsync(slug, "insert into pace values (1)");
        await service.QueryAsync(slug, "create table written (n int primary key)");
        var (reads, writes, others) = (Traffic.Reads(service, slug, 25), Traffic.Writes(service, slug, 25), Traffic.Reads(service, other, 20));
        await Task.WhenAll(reads.FlowsAsync(), writes.FlowsAsync(), others.FlowsAsync());

        Assert.Equal([3, 4], (await service.MigrateAsync(slug)).Ok().GetProperty("applied").EnumerateArray().Select(script => script.GetProperty("version").GetInt32()));

        await Task.WhenAll(reads.FlowsAsync(), writes.FlowsAsync(), others.FlowsAsync());
        await Task.WhenAll(reads.EndAsync(), writes.EndAsync(), others.EndAsync());
        Assert.True(reads.Longest > TimeSpan.FromSeconds(0.5), "The reads should have waited for the script's second.");
        Assert.True(writes.Longest > TimeSpan.FromSeconds(0.5), "The writes should have waited for the script's second.");
        Assert.Equal(writes.Written.Count, (await service.ScalarAsync(slug, "select count(*) from written")).GetInt32());
    }

    [Fact]
    public async Task Beside_a_script_without_a_transaction_the_account_is_served()
    {
        var slug = await service.NewAtAsync(1, "one");
        // CREATE INDEX CONCURRENTLY waits for whoever has written.
        await using (var writer = await service.OpenInAsync(slug))
        {
            await using var begin = new Npgsql.NpgsqlCommand("BEGIN; UPDATE item SET name = name", writer);
            await begin.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            var migration = service.MigrateAsync(slug, new { target = 2 });
            await Eventually.Async(
                async () => await service.SystemScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = $1 AND query ILIKE '%concurrently%' AND wait_event_type = 'Lock')", slug),
                Promised.Within(seconds: 5),
                "the index waits");

            Assert.Equal("one", await service.ItemsAsync(slug));
            Assert.Equal("serving", (await service.PoolAsync(slug))!.Value.GetProperty("state").GetString());
            Assert.False(migration.IsCompleted);
            await using var end = new Npgsql.NpgsqlCommand("COMMIT", writer);
            await end.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            Assert.Equal(2, (await migration).Ok().GetProperty("version").GetInt32());
        }
    }
}
