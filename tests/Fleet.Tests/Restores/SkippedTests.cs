using Kataven.Fleet.Tests.Operations;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Restores;

/// <summary>What of a backup cannot be restored, and is not needed by the data, is told.</summary>
[Collection(FleetCollection.Name)]
public sealed class SkippedTests(FleetService service)
{
    [Fact]
    public async Task A_restore_in_place_tells_what_could_not_be_restored()
    {
        var slug = await service.NewUnfillableAsync();
        var id = await service.BackUpAsync(slug);
        Assert.True((await service.ScalarAsync(slug, UnfillableView.IsFilled)).GetBoolean());

        service.AssertTold(await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id }));

        Assert.False((await service.ScalarAsync(slug, UnfillableView.IsFilled)).GetBoolean());
    }

    [Fact]
    public async Task A_restore_into_a_new_account_tells_what_could_not_be_restored()
    {
        var (slug, into) = (await service.NewUnfillableAsync(), AccountCalls.Slug("beside"));
        var id = await service.BackUpAsync(slug);

        service.AssertTold(await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id, into }));

        Assert.False((await service.ScalarAsync(into, UnfillableView.IsFilled)).GetBoolean());
    }

    [Fact]
    public async Task A_verification_tells_what_could_not_be_restored()
    {
        var slug = await service.NewUnfillableAsync();
        var id = await service.BackUpAsync(slug);

        service.AssertTold(await service.SucceedAsync($"/accounts/{slug}/backups/{id}/verification"));
    }

    [Fact]
    public async Task A_restore_of_all_that_was_backed_up_has_skipped_nothing()
    {
        var slug = await service.NewAccountAsync("whole");
        var id = await service.BackUpAsync(slug);

        var result = (await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id })).GetProperty("result");

        Assert.Equal(0, result.GetProperty("skipped").GetInt32());
        Assert.False(result.TryGetProperty("skipped_because", out _));
    }
}
