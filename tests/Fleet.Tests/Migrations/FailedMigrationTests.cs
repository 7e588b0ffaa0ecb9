using Kataven.Fleet.Tests.Operations;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Migrations;

[Collection(FleetCollection.Name)]
public sealed class FailedMigrationTests(FleetService service)
{
    [Fact]
    public async Task A_script_that_fails_is_told_with_its_version_and_leaves_nothing_behind()
    {
        var slug = await service.NewAtAsync(1, "one");
        await service.QueryAsync(slug, "insert into item values (-1, 'below')");

        var failed = await service.MigrateAsync(slug);

        AssertFailed(failed, 4, "23514", "item_id_positive");
        Assert.Equal(3, await service.VersionAsync(slug));
        Assert.Equal(0, (await service.ScalarAsync(slug, "select count(*) from pg_class where relname = 'half_done'")).GetInt32());
        Assert.Equal("below one", await service.ItemsAsync(slug));

        await service.QueryAsync(slug, "delete from item where id < 0");
        Assert.Equal(Scripts.Newest, (await service.MigrateAsync(slug)).Ok().GetProperty("version").GetInt32());
        Assert.Equal("one", await service.ItemsAsync(slug));
    }

    [Fact]
    public async Task An_index_that_cannot_be_made_concurrently_leaves_no_invalid_one()
    {
        var slug = await service.NewAtAsync(1, "twice", "twice");

        var failed = await service.MigrateAsync(slug);

        AssertFailed(failed, 2, "23505", "item_name_once");
        Assert.Equal(1, await service.VersionAsync(slug));
        Assert.Equal(0, (await service.ScalarAsync(slug, "select count(*) from pg_class where relname = 'item_name_once'")).GetInt32());
        Assert.Equal("twice twice", await service.ItemsAsync(slug));

        await service.QueryAsync(slug, "update item set name = 'once' where id = 2");
        Assert.Equal(Scripts.Newest, (await service.MigrateAsync(slug)).Ok().GetProperty("version").GetInt32());
        Assert.True((await service.ScalarAsync(slug, "select indisvalid and indisunique from pg_index where indexrelid = 'item_name_once'::regclass")).GetBoolean());
    }

    [Fact]
    public async Task A_script_that_never_ends_is_ended_and_others_are_served_meanwhile()
    {
        var (slug, other) = (await service.NewAtAsync(1, "one"), await service.NewAccountAsync("other"));
        await service.QueryAsync(slug, "insert into pace values (600)");

        var migration = service.MigrateAsync(slug);
        await service.HeldAsync(slug);
        var waits = service.ItemsAsync(slug);
        await service.HeldAsync(slug, waiting: 1);
        await service.AddItemsAsync(other, "served");
        Assert.False(waits.IsCompleted);
        Assert.False(migration.IsCompleted);

        AssertFailed(await migration, 3, "57014", "statement timeout");
        Assert.Equal("one", await waits);
        Assert.Equal(2, await service.VersionAsync(slug));
    }

    /// <summary>As when the server is started anew: nothing is said of the script.</summary>
    [Fact]
    public async Task A_script_whose_connection_is_lost_is_run_again()
    {
        var slug = await service.NewAtAsync(2, "one");
        await service.QueryAsync(slug, "insert into pace values (2)");

        var migration = service.MigrateAsync(slug);
        await Eventually.Async(
            async () => await service.SystemScalarAsync<long>(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'kataven-migration' AND wait_event = 'PgSleep'", slug) > 0,
            Promised.Within(seconds: 10),
            "the script runs");

        Assert.Equal(Scripts.Newest, (await migration).Ok().GetProperty("version").GetInt32());
        Assert.Equal("one", await service.ItemsAsync(slug));
    }

    private static void AssertFailed(Reply reply, int version, string sqlState, string message)
    {
        Assert.Equal((409, "migration_failed"), (reply.Status, reply.Code));
        Assert.Equal((version, sqlState), (reply.Json.GetProperty("version").GetInt32(), reply.SqlState));
        Assert.Contains(message, reply.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
