using System.Security.Cryptography;
using System.Text.Json;
using Kataven.Fleet.Tests.Operations;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Backups;

[Collection(FleetCollection.Name)]
public sealed class FullStoreTests(FleetService service)
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task A_backup_whose_store_runs_full_fails_for_that_and_leaves_nothing_and_the_next_one_that_has_room_is_made()
    {
        var slug = await service.NewAccountAsync("full");
        var folder = await service.FolderOfAsync(slug);
        using var disk = SmallDisk.TryMount(folder, megabytes: 1);
        Assert.SkipWhen(disk is null, SmallDisk.Unavailable);
        var former = await service.BackUpAsync(slug);
        // About three megabytes, however well they are packed.
        await service.QueryAsync(slug, """
            create table ballast as
            select n, (select string_agg(md5(random()::text || n || m), '') from generate_series(1, 64) m) as hex from generate_series(1, 3000) n
            """);
        var traffic = Traffic.Reads(service, slug, 20);
        await traffic.FlowsAsync();

        var problem = await service.FailAsync($"/accounts/{slug}/backups");

        await traffic.FlowsAsync();
        await traffic.EndAsync();
        Assert.Equal("operation_failed", problem.GetProperty("code").GetString());
        Assert.Equal(
            $"There is no space left for a backup in {service.Store}: make some, or name another folder in Kataven:Backups:Directory.",
            problem.GetProperty("detail").GetString());
        var backups = (await service.GetAsync($"/accounts/{slug}/backups")).GetProperty("backups").EnumerateArray().ToArray();
        Assert.Equal(["failed", "complete"], backups.Select(backup => Text(backup, "status")));
        Assert.Equal("backup_not_found", (await service.AskAsync("GET", $"/accounts/{slug}/backups/{Text(backups[0], "backup_id")}/content")).Code);
        Assert.Equal(service.FilesOf(former), Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
        await IsWholeAsync(slug, former);

        disk.Grow(megabytes: 16);

        var next = await service.BackUpAsync(slug);
        Assert.True(await IsWholeAsync(slug, next) > 2 * Megabyte);
        await IsWholeAsync(slug, former);
    }

    /// <summary>Its bytes in the store are those that were told, and so many.</summary>
    private async Task<long> IsWholeAsync(string slug, string id)
    {
        var backup = await service.GetAsync($"/accounts/{slug}/backups/{id}");
        var content = await File.ReadAllBytesAsync(Assert.Single(service.FilesOf(id)), TestContext.Current.CancellationToken);
        Assert.Equal(
            ("complete", backup.GetProperty("bytes").GetInt64(), Text(backup, "sha256")),
            (Text(backup, "status"), content.Length, Convert.ToHexStringLower(SHA256.HashData(content))));
        return content.Length;
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;
}
