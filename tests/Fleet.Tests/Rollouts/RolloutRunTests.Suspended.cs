using Kataven.Fleet.Tests.Operations;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Rollouts;

public sealed partial class RolloutRunTests
{
    [Fact]
    public async Task An_account_that_is_suspended_in_its_turn_is_migrated_at_the_end_where_it_is_resumed_and_else_is_seen_to_be_behind()
    {
        var fleet = await NewFleetAsync(4);
        var (resumed, left) = (fleet[0], fleet[1]);
        string id;
        await using (await service.KeepWaitingAsync(fleet[3]))
        {
            await using (await service.KeepWaitingAsync(resumed))
            await using (await service.KeepWaitingAsync(left))
            {
                id = await BeginAsync(new { wave_size = 2, parallelism = 2 });
                foreach (var slug in new[] { resumed, left })
                {
                    await service.HeldAsync(slug);
                    (await service.AskAsync("PUT", $"/accounts/{slug}/suspension", "{}")).Ok();
                }

                // The next wave does not wait for them.
                await service.HeldAsync(fleet[3]);
            }

            await Eventually.Async(
                async () => Counts(await GetAsync(id)) == ("running", 2, 1, 0, 1), Promised.Within(seconds: 5), "those that are suspended are not part of it");
            (await service.AskAsync("DELETE", $"/accounts/{resumed}/suspension")).Ok();
            Assert.Equal(("running", 3, 1, 0, 2), Counts(await GetAsync(id)));
        }

        var ended = await EndAsync(id);

        Assert.Equal(("succeeded", 3, 3, 0, 0), Counts(ended));
        Assert.Equal(0, ended.GetProperty("failures").GetArrayLength());
        Assert.Equal([4, 2, 4, 4], await VersionsAsync(fleet));
        Assert.True((await TimesAsync([resumed]))[0] > (await TimesAsync(fleet[2..])).Max(), "It came after all others.");
        Assert.Equal("one", await service.ItemsAsync(resumed));
        var behind = Assert.Single((await service.GetAsync("/accounts?behind=true")).GetProperty("accounts").EnumerateArray());
        Assert.Equal((left, "suspended"), (behind.GetProperty("account_id").GetString(), behind.GetProperty("status").GetString()));
    }
}
