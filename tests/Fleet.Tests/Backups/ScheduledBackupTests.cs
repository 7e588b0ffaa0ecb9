using System.Text.Json;
using Kataven.Fleet.Tests.Operations;
using Kataven.Housekeeping;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Backups;

[Collection(FleetCollection.Name)]
public sealed class ScheduledBackupTests(FleetService service)
{
    private static readonly TimeSpan Patience = Promised.Within(seconds: 30);

    [Fact]
    public async Task An_account_is_backed_up_when_it_is_due_and_no_more_of_these_are_kept_than_it_says()
    {
        var slug = await ScheduledAsync(new { every = "00:01:00", keep = 1 });
        var manual = await service.BackUpAsync(slug);
        await TidyAsync();
        Assert.Empty(await ScheduledOfAsync(slug));

        await AgeAsync($"UPDATE public.accounts SET created_at = now() - interval '2 minutes' WHERE account_id = '{slug}'");
        var first = Assert.Single(await MadeAsync(slug, 1));
        await AgeAsync($"UPDATE kataven.backup SET started_at = now() - interval '2 minutes' WHERE backup_id = '{first}'");
        var second = Assert.Single(await MadeAsync(slug, 2), id => id != first);
        await TidyAsync();

        Assert.Equal([second], await ScheduledOfAsync(slug));
        Assert.Equal("backup_not_found", (await service.AskAsync("GET", $"/accounts/{slug}/backups/{first}")).Code);
        Assert.Equal("complete", (await service.GetAsync($"/accounts/{slug}/backups/{manual}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task One_that_failed_is_not_tried_again_at_once()
    {
        var slug = await ScheduledAsync(new { every = "00:01:00", keep = 3 });
        await AgeAsync($"""
            INSERT INTO kataven.backup (backup_id, account_id, account_uid, reason, status, finished_at)
            SELECT gen_random_uuid(), account_id, account_uid, 'scheduled', 'failed', now() FROM public.accounts WHERE account_id = '{slug}';
            UPDATE public.accounts SET created_at = now() - interval '1 day' WHERE account_id = '{slug}'
            """);
        await TidyAsync();
        Assert.Empty(await OperationsAsync(slug));

        await AgeAsync($"UPDATE kataven.backup SET finished_at = now() - interval '11 minutes' WHERE account_id = '{slug}'");
        await MadeAsync(slug, 1);
    }

    [Fact]
    public async Task The_newest_backup_is_proved_once_where_the_schedule_says_so()
    {
        var slug = await ScheduledAsync(new { every = "366.00:00:00", keep = 3, verify_every = "01:00:00" });
        await service.BackUpAsync(slug);
        var newest = await service.BackUpAsync(slug);

        await Eventually.Async(
            async () =>
            {
                await TidyAsync();
                return (await service.GetAsync($"/accounts/{slug}/backups/{newest}")).GetProperty("verified_at").ValueKind == JsonValueKind.String;
            },
            Patience,
            "the backup is proved");
        await service.BackUpAsync(slug);
        await TidyAsync();

        Assert.Single(await OperationsAsync(slug), operation => operation == "verification");
    }

    private async Task<string> ScheduledAsync(object schedule)
    {
        var slug = await service.NewAccountAsync("scheduled");
        (await service.AskAsync("PUT", $"/accounts/{slug}/backup-schedule", schedule)).Ok();
        return slug;
    }

    private Task TidyAsync() => service.Grains.GetGrain<IHousekeepingGrain>(0).TidyAsync();

    private Task AgeAsync(string sql) => service.RunAsync("system", sql);

    /// <summary>The scheduled backups that are complete, when there are so many.</summary>
    private async Task<string[]> MadeAsync(string slug, int count)
    {
        await TidyAsync();
        await Eventually.Async(async () => (await ScheduledOfAsync(slug)).Length == count, Patience, $"{slug} has {count} scheduled backups");
        return await ScheduledOfAsync(slug);
    }

    private async Task<string[]> ScheduledOfAsync(string slug) =>
    [
        .. from backup in (await service.GetAsync($"/accounts/{slug}/backups")).GetProperty("backups").EnumerateArray()
           where backup.GetProperty("reason").GetString() == "scheduled" && backup.GetProperty("status").GetString() == "complete"
           select backup.GetProperty("backup_id").GetString()!,
    ];

    private async Task<string[]> OperationsAsync(string slug) =>
    [
        .. from operation in (await service.GetAsync($"/operations?account={slug}")).GetProperty("operations").EnumerateArray()
           select operation.GetProperty("kind").GetString()!,
    ];
}
