using Kataven.Fleet.Tests.Operations;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Backups;

/// <summary>A backup that is not any more what was written is used for nothing.</summary>
[Collection(FleetCollection.Name)]
public sealed class CorruptBackupTests(FleetService service)
{
    [Theory]
    [InlineData("flipped")]
    [InlineData("cut")]
    [InlineData("longer")]
    [InlineData("swapped")]
    [InlineData("gone")]
    public async Task What_was_changed_in_the_store_is_not_restored_nor_verified_nor_read(string how)
    {
        var slug = await service.NewAccountAsync("corrupt");
        await service.AddItemsAsync(slug, "one");
        var id = await service.BackUpAsync(slug);
        await service.AddItemsAsync(slug, "two");
        await ChangeAsync(slug, Assert.Single(service.FilesOf(id)), how);
        var left = await LeftAsync();

        var uses = new List<(string, object?)>
        {
            ($"/accounts/{slug}/restores", new { backup_id = id }),
            ($"/accounts/{slug}/backups/{id}/verification", null),
        };
        if (how == "flipped")
        {
            uses.Add(($"/accounts/{slug}/restores", new { backup_id = id, into = slug + "-x" }));
        }

        foreach (var (path, body) in uses)
        {
            var problem = await service.FailAsync(path, body);

            Assert.Equal((409, "operation_failed"), (problem.GetProperty("status").GetInt32(), problem.GetProperty("code").GetString()));
            Assert.Matches(how == "gone" ? "is not in" : "(?i)bytes|sha-?256|shorter|longer|written", problem.GetProperty("detail").GetString());
        }

        Assert.Equal("one two", await service.ItemsAsync(slug));
        Assert.Equal("account_not_found", (await service.AskAsync("GET", $"/accounts/{slug}-x")).Code);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await service.GetAsync($"/accounts/{slug}/backups/{id}")).GetProperty("verified_at").ValueKind);
        Assert.Equal(left, await LeftAsync());
        await AssertBreaksOffAsync(slug, id);
    }

    [Fact]
    public async Task The_reading_of_a_long_one_breaks_off_before_its_end()
    {
        var slug = await service.NewAccountAsync("long");
        await service.QueryAsync(slug, "create table noise as select md5(n::text) || md5((-n)::text) as n from generate_series(1, 40000) n");
        var id = await service.BackUpAsync(slug);
        Assert.True((await service.GetAsync($"/accounts/{slug}/backups/{id}")).GetProperty("bytes").GetInt64() > 1 << 20, "it is sent in several parts");
        await ChangeAsync(slug, Assert.Single(service.FilesOf(id)), "flipped");

        using var answer = await service.AdminClient().GetAsync(
            $"/api/admin/accounts/{slug}/backups/{id}/content", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        // Its beginning was right.
        Assert.True(answer.IsSuccessStatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Databases and roles of the server.</summary>
    private Task<long> LeftAsync() => service.SystemScalarAsync<long>("SELECT (SELECT count(*) FROM pg_database) + (SELECT count(*) FROM pg_roles)");

    private async Task AssertBreaksOffAsync(string slug, string id)
    {
        using var answer = await service.AdminClient().GetAsync(
            $"/api/admin/accounts/{slug}/backups/{id}/content", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            return;
        }

        Assert.Equal("operation_failed", (await Reply.OfAsync(answer)).Code);
    }

    private async Task ChangeAsync(string slug, string file, string how)
    {
        var content = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        switch (how)
        {
            case "flipped":
                content[^1] ^= 1;
                break;
            case "cut":
                content = content[..^1];
                break;
            case "longer":
                content = [.. content, 0];
                break;
            case "swapped":
                content = await File.ReadAllBytesAsync(Assert.Single(service.FilesOf(await service.BackUpAsync(slug))), TestContext.Current.CancellationToken);
                break;
            default:
                File.Delete(file);
                return;
        }

        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
    }
}
