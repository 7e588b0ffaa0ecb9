using Kataven.Fleet.Tests.Migrations;
using Kataven.Fleet.Tests.Operations;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Restores;

/// <summary>How far a script without a transaction had come is part of a backup.</summary>
[Collection(FleetCollection.Name)]
public sealed class HalfDoneScriptTests(FleetService service)
{
    [Fact]
    public async Task A_script_that_was_half_done_when_it_was_backed_up_goes_on_there_after_a_restore()
    {
        var (slug, into) = (await service.NewAtAsync(1, "twice", "twice"), AccountCalls.Slug("halfdone"));
        Assert.Equal("23505", (await service.MigrateAsync(slug)).SqlState);
        var id = await service.BackUpAsync(slug);

        await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id, into });
        await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id });

        foreach (var account in (string[])[slug, into])
        {
            Assert.Equal(("twice twice", 1), (await service.ItemsAsync(account), await service.VersionAsync(account)));
            await service.QueryAsync(account, "update item set name = 'once' where id = 2");
            Assert.Equal(Scripts.Newest, (await service.MigrateAsync(account)).Ok().GetProperty("version").GetInt32());
            Assert.Equal(
                "item_length item_name_once",
                (await service.ScalarAsync(account, """
                    select string_agg(indexrelid::regclass::text, ' ' order by indexrelid::regclass::text) from pg_index
                     where indisvalid and indexrelid::regclass::text in ('item_length', 'item_name_once')
                    """)).GetString());
        }
    }
}
