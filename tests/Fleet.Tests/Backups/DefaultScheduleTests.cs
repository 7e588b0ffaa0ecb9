using System.Text.Json;
using Kataven.Fleet.Tests.Operations;
using Kataven.Housekeeping;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Backups;

/// <summary>What becomes of accounts that have no schedule of their own, where the service has one for them.</summary>
[Collection(BucketCollection.Name)]
public sealed class DefaultScheduleTests(BucketService service)
{
    private static readonly TimeSpan Patience = Promised.Within(seconds: 30);

    [Fact]
    public async Task An_account_without_a_schedule_of_its_own_is_backed_up_proved_and_rid_of_older_ones_by_the_services()
    {
        var (slug, own) = (await service.NewAccountAsync("default"), await service.NewAccountAsync("own"));
        (await service.AskAsync("PUT", $"/accounts/{own}/backup-schedule", new { every = "366.00:00:00", keep = 3 })).Ok();
        var told = await service.GetAsync($"/accounts/{slug}/backup-schedule");
        Assert.Equal(("10.00:00:00", 1, "1.00:00:00"), (Text(told, "every"), told.GetProperty("keep").GetInt32(), Text(told, "verify_every")));
        await AgeAsync($"UPDATE public.accounts SET created_at = now() - interval '9 days' WHERE account_id IN ('{slug}', '{own}')");
        await TidyAsync();
        Assert.Empty(await BackupsAsync(slug));

        await AgeAsync($"UPDATE public.accounts SET created_at = now() - interval '11 days' WHERE account_id IN ('{slug}', '{own}')");
        var first = await OnlyProvedAsync(slug);
        Assert.Equal("scheduled", Text(first, "reason"));
        await TidyAsync();
        Assert.Equal(Text(first, "backup_id"), Text(Assert.Single(await BackupsAsync(slug)), "backup_id"));

        await AgeAsync($"UPDATE kataven.backup SET started_at = now() - interval '11 days', verified_at = now() - interval '2 days' WHERE account_id = '{slug}'");
        await Eventually.Async(
            async () => Text(await OnlyProvedAsync(slug), "backup_id") != Text(first, "backup_id"), Patience, "the next one is made and proved, and the first one is removed");
        Assert.Empty(await BackupsAsync(own));
    }

    /// <summary>The account's one backup, when it has one alone, and that was proved to restore.</summary>
    private async Task<JsonElement> OnlyProvedAsync(string slug)
    {
        JsonElement[] backups = [];
        await Eventually.Async(
            async () =>
            {
                await TidyAsync();
                backups = await BackupsAsync(slug);
                return backups is [var only] && only.GetProperty("verified_at").ValueKind == JsonValueKind.String;
            },
            Patience,
            "there is one backup, which was proved to restore");
        return backups[0];
    }

    private Task TidyAsync() => service.Grains.GetGrain<IHousekeepingGrain>(0).TidyAsync();

    private Task AgeAsync(string sql) => service.RunAsync("system", sql);

    private async Task<JsonElement[]> BackupsAsync(string slug) => [.. (await service.GetAsync($"/accounts/{slug}/backups")).GetProperty("backups").EnumerateArray()];

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
