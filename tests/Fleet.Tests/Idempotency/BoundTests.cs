using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Idempotency;

/// <summary>How many answers are kept, how long they are, and what happens to a write for which there is no room.</summary>
public sealed class BoundTests(SmallKeysService service) : IClassFixture<SmallKeysService>
{
    [Fact]
    public async Task With_as_many_keys_as_an_account_may_have_a_write_is_refused_before_it_runs_and_repeats_are_answered()
    {
        var account = await service.NewWithItemsAsync("full");
        for (var i = 0; i < SmallKeysService.MaxKeys; i++)
        {
            (await service.QueryOnceAsync(account, $"k{i}", $"insert into item (name) values ('{i}')")).Ok();
        }

        var refused = await service.QueryOnceAsync(account, "more", "insert into item (name) values ('more')");

        Assert.Equal((429, "rate_limited"), (refused.Status, refused.Code));
        Assert.Contains("Kataven:Idempotency:MaxKeys", refused.Text, StringComparison.Ordinal);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal((SmallKeysService.MaxKeys, SmallKeysService.MaxKeys), (await service.ItemsAsync(account), await service.KeysAsync(account)));
        Assert.Equal("true", (await service.QueryOnceAsync(account, "k0", "insert into item (name) values ('0')")).Replayed());
        (await service.TryQueryAsync(account, "insert into item (name) values ('no key')")).Ok();
    }

    [Theory]
    [InlineData("UPDATE _kataven.idempotency SET created_at = created_at - interval '61 minutes' WHERE key <> 'k0'")]
    [InlineData("DELETE FROM _kataven.idempotency WHERE key <> 'k0'")]
    public async Task There_is_room_again_when_answers_have_expired_or_the_account_removed_them(string sql)
    {
        var account = await service.NewWithItemsAsync("room");
        for (var i = 0; i < SmallKeysService.MaxKeys; i++)
        {
            (await service.QueryOnceAsync(account, $"k{i}", $"insert into item (name) values ('{i}')")).Ok();
        }

        Assert.Equal(429, (await service.QueryOnceAsync(account, "more", "insert into item (name) values ('more')")).Status);
        await service.QueryAsync(account, sql);

        // A full book is counted anew once a second.
        await Eventually.Async(
            async () => (await service.QueryOnceAsync(account, "more", "insert into item (name) values ('more')")).Status == 200, TimeSpan.FromSeconds(10), "there is room");
        Assert.Equal("k0,more", (await service.ScalarAsync(account, "select string_agg(key, ',' order by key) from _kataven.idempotency")).GetString());
    }

    [Fact]
    public async Task Another_owner_counts_what_is_there()
    {
        var account = await service.NewWithItemsAsync("counts");
        for (var i = 0; i < SmallKeysService.MaxKeys; i++)
        {
            (await service.QueryOnceAsync(account, $"k{i}", $"insert into item (name) values ('{i}')")).Ok();
        }

        await service.AdminClient().CallAsync(HttpMethod.Delete, $"/api/admin/pools/{account}");
        Assert.Equal("rate_limited", (await service.QueryOnceAsync(account, "more", "insert into item (name) values ('more')")).Code);
    }

    [Fact]
    public async Task An_answer_that_is_too_long_fails_with_its_write()
    {
        var account = await service.NewWithItemsAsync("long");
        var sql = $"insert into item (name) values ('long') returning repeat('x', {SmallKeysService.MaxAnswerBytes})";

        var refused = await service.QueryOnceAsync(account, "k", sql);

        Assert.Equal((413, "result_too_large"), (refused.Status, refused.Code));
        Assert.Contains("Kataven:Idempotency:MaxAnswerBytes", refused.Text, StringComparison.Ordinal);
        Assert.Equal((0, 0), (await service.ItemsAsync(account), await service.KeysAsync(account)));
        (await service.QueryOnceAsync(account, "k", "insert into item (name) values ('a')")).Ok();
    }

    [Fact]
    public async Task Answers_are_together_no_longer_than_they_may_be()
    {
        var account = await service.NewWithItemsAsync("bytes");
        var sql = $"select repeat('x', {SmallKeysService.MaxAnswerBytes - 1_000})";
        for (var i = 0; i < 4; i++)
        {
            (await service.QueryOnceAsync(account, $"k{i}", sql)).Ok();
        }

        var refused = await service.QueryOnceAsync(account, "more", "insert into item (name) values ('a')");

        Assert.Equal((429, "rate_limited"), (refused.Status, refused.Code));
        Assert.Contains(":MaxTotalBytes", refused.Text, StringComparison.Ordinal);
        Assert.Equal(0, await service.ItemsAsync(account));
    }
}
