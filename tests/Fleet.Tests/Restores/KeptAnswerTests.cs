using Kataven.Fleet.Tests.Operations;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Restores;

/// <summary>What becomes of answers that are kept by <c>Idempotency-Key</c> where the database becomes another one.</summary>
[Collection(FleetCollection.Name)]
public sealed class KeptAnswerTests(FleetService service)
{
    [Fact]
    public async Task A_restored_database_has_none_and_the_one_that_is_swapped_back_has_its_own()
    {
        var slug = await service.NewAccountAsync("kept");
        await service.QueryAsync(slug, "create table written (n int)");
        var id = await service.BackUpAsync(slug);
        Assert.False(await WriteAsync(slug));
        Assert.True(await WriteAsync(slug));

        var restore = (await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id })).GetProperty("operation_id").GetString();
        Assert.False(await WriteAsync(slug));
        Assert.Equal(1, await WrittenAsync(slug));

        await service.SucceedAsync($"/accounts/{slug}/restores/{restore}", method: "DELETE");
        Assert.True(await WriteAsync(slug));
        Assert.Equal(1, await WrittenAsync(slug));
    }

    [Fact]
    public async Task A_clone_has_none_of_its_sources()
    {
        var (slug, into) = (await service.NewAccountAsync("kept"), AccountCalls.Slug("clone"));
        await service.QueryAsync(slug, "create table written (n int)");
        await WriteAsync(slug);

        var clone = await service.SucceedAsync($"/accounts/{slug}/clones", new { account_id = into });

        Assert.Equal("template", clone.GetProperty("result").GetProperty("method").GetString());
        Assert.Equal(1, await WrittenAsync(into));
        Assert.False(await WriteAsync(into));
        Assert.Equal(2, await WrittenAsync(into));
        Assert.True(await WriteAsync(slug));
    }

    /// <summary>True where it was a repeat.</summary>
    private async Task<bool> WriteAsync(string account)
    {
        var reply = await service.Client(account).CallAsync(
            HttpMethod.Post, "/api/query", new { sql = "insert into written values (1)" }, ("Idempotency-Key", "k"));
        reply.Ok();
        return reply.Headers.Contains("Idempotency-Replayed");
    }

    private async Task<int> WrittenAsync(string account) => (await service.ScalarAsync(account, "select count(*)::int from written")).GetInt32();
}
