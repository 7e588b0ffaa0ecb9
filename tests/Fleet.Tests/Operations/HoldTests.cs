using Kataven.Accounts;
using Kataven.Fleet.Tests.Migrations;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Operations;

[Collection(HastyCollection.Name)]
public sealed class HoldTests(HastyService service)
{
    [Fact]
    public async Task A_held_account_is_seen_as_such_and_a_request_that_waits_too_long_is_told_so()
    {
        var (slug, other) = (await NewHoldableAsync(), await service.NewAccountAsync("other"));
        Task<Reply> migration;
        await using (await service.KeepWaitingAsync(slug))
        {
            migration = service.MigrateAsync(slug);
            await service.HeldAsync(slug);
            var waits = Task.WhenAll(service.TryQueryAsync(slug, "select 1"), service.TryQueryAsync(slug, "insert into item values (9, 'late')"));
            await service.HeldAsync(slug, waiting: 2);
            await service.QueryAsync(other, "select 1");

            foreach (var refused in await waits)
            {
                Assert.Equal((503, "account_held"), (refused.Status, refused.Code));
                Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
                Assert.Contains("HeldRequestTimeout", refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
            }

            await service.HeldAsync(slug);
            Assert.False(migration.IsCompleted);
        }

        Assert.Equal(Scripts.Newest, (await migration).Ok().GetProperty("version").GetInt32());
        Assert.Equal("one", await service.ItemsAsync(slug));
        Assert.Equal("serving", (await service.PoolAsync(slug))!.Value.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_request_that_waits_for_less_goes_on_when_the_operation_ends()
    {
        var slug = await NewHoldableAsync();
        Task<Reply> migration, waits;
        await using (await service.KeepWaitingAsync(slug))
        {
            migration = service.MigrateAsync(slug);
            await service.HeldAsync(slug);
            waits = service.TryQueryAsync(slug, "select price from item");
            await service.HeldAsync(slug, waiting: 1);
        }

        // The column is the migration's.
        (await migration).Ok();
        (await waits).Ok();
    }

    [Fact]
    public async Task No_more_requests_wait_than_the_accounts_queue_holds()
    {
        var slug = await NewHoldableAsync(AccountLimits.Default with { MaxQueue = 1 });
        Task<Reply> migration, waits;
        await using (await service.KeepWaitingAsync(slug))
        {
            migration = service.MigrateAsync(slug);
            await service.HeldAsync(slug);
            waits = service.TryQueryAsync(slug, "select 1");
            await service.HeldAsync(slug, waiting: 1);

            var refused = await service.TryQueryAsync(slug, "select 1");

            Assert.Equal((503, "account_held"), (refused.Status, refused.Code));
            Assert.Contains("max_queue", refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        (await migration).Ok();
        (await waits).Ok();
    }

    [Fact]
    public async Task What_still_runs_when_the_account_is_drained_is_cancelled_and_has_not_happened()
    {
        var slug = await NewHoldableAsync();
        var write = service.TryQueryAsync(slug, "insert into item select 5, 'slow' from pg_sleep(60)");
        await Eventually.Async(
            async () => await service.SystemScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = $1 AND query LIKE '%pg_sleep%' AND state = 'active')", slug),
            Promised.Within(seconds: 5),
            "the write runs");

        Assert.Equal(Scripts.Newest, (await service.MigrateAsync(slug)).Ok().GetProperty("version").GetInt32());

        var cancelled = await write;
        Assert.Equal((503, "database_unavailable"), (cancelled.Status, cancelled.Code));
        Assert.Equal("one", await service.ItemsAsync(slug));
    }

    [Fact]
    public async Task A_read_that_is_cancelled_for_it_is_run_again_afterwards()
    {
        var slug = await NewHoldableAsync();
        var read = service.Client(slug).PostAsync("/api/query", new { sql = "select pg_sleep(1.5), count(*) from pg_attribute where attname = 'price'", read_only = true });
        await Eventually.Async(
            async () => await service.SystemScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = $1 AND query LIKE '%pg_sleep%' AND state = 'active')", slug),
            Promised.Within(seconds: 5),
            "the read runs");

        (await service.MigrateAsync(slug)).Ok();

        // It has seen what came after it was sent.
        Assert.Equal(1, (await read).Ok().GetProperty("rows")[0][1].GetInt32());
    }

    [Fact]
    public async Task Suspending_a_held_account_refuses_those_who_wait_and_ends_the_operation()
    {
        var slug = await NewHoldableAsync();
        await using (await service.KeepWaitingAsync(slug))
        {
            var migration = service.MigrateAsync(slug);
            await service.HeldAsync(slug);
            var waits = service.TryQueryAsync(slug, "select 1");
            await service.HeldAsync(slug, waiting: 1);

            (await service.AskAsync("PUT", $"/accounts/{slug}/suspension", "{}")).Ok();

            var refused = await waits;
            Assert.Equal((403, "account_inactive", "suspended"), (refused.Status, refused.Code, refused.Json.GetProperty("account_status").GetString()));
            Assert.Equal((403, "account_inactive"), ((await migration).Status, (await migration).Code));
        }

        (await service.AskAsync("DELETE", $"/accounts/{slug}/suspension")).Ok();
        await Eventually.Async(async () => (await service.TryQueryAsync(slug, "select 1")).Status == 200, Promised.Within(seconds: 3), "it is served again");
        Assert.Equal("one", await service.ItemsAsync(slug));
    }

    /// <summary>At version 2, which the system database does not know: so it is not migrated when it is used.</summary>
    private async Task<string> NewHoldableAsync(AccountLimits? limits = null)
    {
        var slug = await service.NewAccountAsync("held", limits);
        await service.AddItemsAsync(slug, "one");
        await service.SetBackAsync(slug);
        return slug;
    }
}
