using System.Text.Json;
using Kataven.Fleet.Tests.Operations;
using Kataven.Testing.Service;
using Npgsql;

namespace Kataven.Fleet.Tests.Restores;

/// <summary>
/// An account as there are many: it has expressions of which PostgreSQL writes another text once it has read its own, and an index that
/// could not be built, which no dump has in it.
/// </summary>
[Collection(HastyCollection.Name)]
public sealed class OrdinarySchemaTests(HastyService service)
{
    private static readonly string[] Made =
    [
        """
        create table task (id int primary key, status varchar(20) default 'new' check (status in ('new', 'done')), a int, b int,
            kind varchar(10) default case when 'a'::varchar in ('a', 'b') then 'x' else 'y' end,
            is_open bool generated always as (status in ('new', 'open') and a between 1 and 9) stored, check (a between 1 and 9 and b > 0))
        """,
        "create index open_task on task (a) where status in ('new', 'done')",
        "create view open_tasks as select id from task where status not in ('done', 'gone') and a between 1 and 9 and b > 0",
        "alter table task enable row level security",
        "create policy seen on task using (status in ('new', 'done')) with check (a between 1 and 9 and b > 0)",
        "insert into task (id, a, b) values (1, 2, 3), (2, 2, 3)",
    ];

    [Fact]
    public async Task It_is_verified_restored_and_cloned_and_nothing_has_drifted()
    {
        var (slug, beside, clone) = (await service.NewAccountAsync("ordinary"), AccountCalls.Slug("beside"), AccountCalls.Slug("clone"));
        foreach (var sql in Made)
        {
            await service.QueryAsync(slug, sql);
        }

        await Assert.ThrowsAsync<PostgresException>(() => service.RunAsync(slug, "CREATE UNIQUE INDEX CONCURRENTLY never_built ON task (a)"));
        var added = await SchemaAsync(slug, "added=true");
        Assert.Contains("open_task", added, StringComparison.Ordinal);
        var id = await service.BackUpAsync(slug);
        await service.QueryAsync(slug, "delete from task");

        await service.SucceedAsync($"/accounts/{slug}/backups/{id}/verification");
        await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id });
        await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id, into = beside });
        var cloned = await service.SucceedAsync($"/accounts/{slug}/clones", new { account_id = clone });

        Assert.Equal("dump", cloned.GetProperty("result").GetProperty("method").GetString());
        foreach (var account in (string[])[slug, beside, clone])
        {
            Assert.Equal(2, (await service.ScalarAsync(account, "select count(*) from open_tasks")).GetInt32());
            Assert.Equal("[]", await SchemaAsync(account, "schema=true"));
            Assert.Equal(added, await SchemaAsync(account, "added=true"));
        }

        // And so it goes on: what was restored can be backed up and restored.
        await service.SucceedAsync($"/accounts/{beside}/backups/{await service.BackUpAsync(beside)}/verification");
    }

    private async Task<string> SchemaAsync(string slug, string query) =>
        (await service.GetAsync($"/accounts/{slug}/migrations?{query}")).GetProperty("schema").GetRawText();
}
