using System.Text.Json;
using Kataven.Fleet.Tests.Migrations;
using Kataven.Fleet.Tests.Operations;
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
    [InlineData("{schema_sha256}", "\"other\"", "The schema that was restored is not the one that was backed up")]
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
        Assert.Matches($"The schema that was restored .* passed over: 1\\. .*role \"{role}\" does not exist", problem.GetProperty("detail").GetString());
        Assert.Equal("one", await service.ItemsAsync(slug));
    }

    /// <summary>Databases and roles of the server.</summary>
    private Task<string> LeftAsync() => service.SystemScalarAsync<string>(
        "SELECT (SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database) || ' ' || (SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles)");
}
