using System.Text.Json;
using Kataven.Fleet.Tests.Migrations;
using Kataven.Fleet.Tests.Operations;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Restores;

/// <summary>What was restored is compared with what stands beside the backup: where the two differ nothing of it is used.</summary>
[Collection(FleetCollection.Name)]
public sealed class ComparisonTests(FleetService service)
{
    [Theory]
    [InlineData("{rows,Tables,0,Rows}", "7", "public.half_done has 0 rows instead of 7")]
    [InlineData("{rows,Tables,0,Table}", "\"gone\"", "public.gone has no table instead of 0 rows")]
    [InlineData("{rows,LargeObjects}", "7", "0 large objects instead of 7")]
    [InlineData("{structure,policy,count}", "7", "The schema that was restored is not the one that was backed up: policy 0 instead of 7.")]
    [InlineData("{structure,constraint,sha256}", "\"other\"", "The schema that was restored is not the one that was backed up: constraint differs.")]
    public async Task What_is_not_as_it_was_backed_up_takes_nobodys_place_and_is_no_proof(string path, string value, string told)
    {
        var slug = await service.NewAccountAsync("compared");
        await service.AddItemsAsync(slug, "one");
        var id = await service.BackUpAsync(slug);
        await service.AddItemsAsync(slug, "two");
        await service.RunAsync("system", $"UPDATE kataven.backup SET manifest = jsonb_set(manifest, '{path}', '{value}', create_if_missing => false) WHERE backup_id = '{id}'");
        var left = await LeftAsync();

        foreach (var (use, body) in new (string, object?)[]
        {
            ($"/accounts/{slug}/restores", new { backup_id = id }),
            ($"/accounts/{slug}/restores", new { backup_id = id, into = slug + "-x" }),
            ($"/accounts/{slug}/backups/{id}/verification", null),
        })
        {
            var problem = await service.FailAsync(use, body);

            Assert.Equal("operation_failed", problem.GetProperty("code").GetString());
            Assert.Contains(told, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Equal(left, await LeftAsync());
        }

        Assert.Equal(("one two", Scripts.Newest), (await service.ItemsAsync(slug), await service.VersionAsync(slug)));
        Assert.Equal("account_not_found", (await service.AskAsync("GET", $"/accounts/{slug}-x")).Code);
        Assert.Equal(JsonValueKind.Null, (await service.GetAsync($"/accounts/{slug}/backups/{id}")).GetProperty("verified_at").ValueKind);
    }

    [Fact]
    public async Task A_restored_database_that_is_not_stamped_as_the_accounts_does_not_take_its_place()
    {
        var slug = await service.NewAccountAsync("stamped");
        await service.AddItemsAsync(slug, "one");
        await service.QueryAsync(slug, "create table gate (n int)");
        // Keeps the restore waiting in its own database until there is something in the gate.
        await service.QueryAsync(slug, """
            create function passes(n int) returns boolean language plpgsql as $$ begin
              for i in 1..3000 loop exit when current_database() not like '\_%' or exists (select from public.gate); perform pg_sleep(0.01); end loop;
              return true;
            end $$
            """);
        await service.QueryAsync(slug, "create table gated (n int check (public.passes(n)))");
        await service.QueryAsync(slug, "insert into gated values (1)");
        var id = await service.BackUpAsync(slug);
        await service.AddItemsAsync(slug, "two");

        var restore = await service.BeginAsync($"/accounts/{slug}/restores", new { backup_id = id });
        var working = $"_{Guid.Parse(restore):N}";
        await Eventually.Async(
            () => service.SystemScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'PgSleep')", working),
            Promised.Within(seconds: 20),
            "the restore waits");
        await service.RunAsync(working, "UPDATE _kataven.identity SET account_uid = gen_random_uuid()");
        await service.RunAsync(working, "INSERT INTO public.gate VALUES (1)");

        var problem = (await service.EndAsync(restore)).GetProperty("problem");
        Assert.Equal("operation_failed", problem.GetProperty("code").GetString());
        Assert.Equal("What was restored is not stamped as the account's.", problem.GetProperty("detail").GetString());
        Assert.Equal("one two", await service.ItemsAsync(slug));
        Assert.False(await service.DatabaseExistsAsync(working));
    }

    [Fact]
    public async Task A_policy_that_cannot_be_restored_fails_the_restore_which_says_why()
    {
        var (slug, role) = (await service.NewAccountAsync("policy"), AccountCalls.Slug("gone").Replace('-', '_'));
        await service.AddItemsAsync(slug, "one");
        await service.RunAsync("system", $"CREATE ROLE {role}");
        await service.QueryAsync(slug, $"create policy named on item to {role} using (true)");
        var id = await service.BackUpAsync(slug);
        await service.QueryAsync(slug, "drop policy named on item");
        await service.RunAsync("system", $"DROP ROLE {role}");

        var problem = await service.FailAsync($"/accounts/{slug}/restores", new { backup_id = id });

        Assert.Equal("operation_failed", problem.GetProperty("code").GetString());
        Assert.Matches($"The schema that was restored .*: policy 0 instead of 1\\. .* passed over: 1\\. .*role \"{role}\" does not exist", problem.GetProperty("detail").GetString());
        Assert.Equal("one", await service.ItemsAsync(slug));
    }

    [Fact]
    public async Task A_restored_database_that_lacks_something_is_refused_and_the_kinds_are_named()
    {
        var slug = await service.NewAccountAsync("lacks");
        foreach (var sql in (string[])
        [
            "create function same() returns trigger language plpgsql as 'begin return new; end'",
            "create trigger same before update on item for each row execute function same()",
            "create index dear on item (price) where price > 7",
            "create policy seen on item using (price > 7)",
            "alter table item add constraint cheap check (price < 1000)",
        ])
        {
            await service.QueryAsync(slug, sql);
        }

        var whole = await service.BackUpAsync(slug);
        foreach (var sql in (string[])["drop trigger same on item", "drop index dear", "drop policy seen on item", "alter table item drop constraint cheap"])
        {
            await service.QueryAsync(slug, sql);
        }

        var id = await service.BackUpAsync(slug);
        await service.RunAsync("system", $"UPDATE kataven.backup SET manifest = (SELECT manifest FROM kataven.backup WHERE backup_id = '{whole}') WHERE backup_id = '{id}'");

        var problem = await service.FailAsync($"/accounts/{slug}/backups/{id}/verification");

        Assert.Matches(
            "^The schema that was restored .*: constraint \\d+ instead of \\d+; index \\d+ instead of \\d+; policy 0 instead of 1; trigger 0 instead of 1\\.$",
            problem.GetProperty("detail").GetString());
        await service.SucceedAsync($"/accounts/{slug}/backups/{whole}/verification");
    }

    /// <summary>What a schema was told by in it is another thing than what it is told by now.</summary>
    [Theory]
    [InlineData("jsonb_set(manifest - 'structure', '{schema_sha256}', '\"of another time\"')")]
    [InlineData("jsonb_set(manifest #- '{structure,index}', '{structure,index of old}', '{\"count\":70,\"sha256\":\"of another time\"}')")]
    public async Task A_backup_that_was_made_before_is_restored(string manifest)
    {
        var slug = await service.NewAccountAsync("before");
        await service.AddItemsAsync(slug, "one");
        var id = await service.BackUpAsync(slug);
        await service.AddItemsAsync(slug, "two");
        await service.RunAsync("system", $"UPDATE kataven.backup SET manifest = {manifest} WHERE backup_id = '{id}'");

        await service.SucceedAsync($"/accounts/{slug}/backups/{id}/verification");
        await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id });

        Assert.Equal("one", await service.ItemsAsync(slug));
    }

    /// <summary>Databases and roles of the server.</summary>
    private Task<string> LeftAsync() => service.SystemScalarAsync<string>(
        "SELECT (SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database) || ' ' || (SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles)");
}
