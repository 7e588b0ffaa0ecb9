using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kataven.Testing.Service;
using Npgsql;

namespace Kataven.EndToEnd.Tests.FrontDoor;

public sealed class RateLimitTests(ServiceFixture service)
{
    private const int PerSecond = 10;

    [Fact]
    public async Task An_account_gets_its_requests_a_second_and_the_others_are_told_when_to_come_back()
    {
        var account = await service.NewAccountAsync("rate");
        await service.QueryAsync(account, "select 1");
        await LimitAsync(account, PerSecond);
        await Testing.Eventually.Async(
            async () => (await Task.WhenAll(Enumerable.Range(0, PerSecond + 2).Select(_ => AskAsync(account)))).Any(reply => reply.Status == 429),
            TimeSpan.FromSeconds(10),
            "the limit is in force");

        var begun = Stopwatch.GetTimestamp();
        var replies = await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => AskAsync(account)));
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;

        // At most what a full bucket holds, and what came meanwhile.
        Assert.InRange(replies.Count(reply => reply.Status == 200), 0, PerSecond + (int)Math.Ceiling(seconds * PerSecond));
        foreach (var refused in replies.Where(reply => reply.Status != 200))
        {
            Assert.Equal((429, "rate_limited"), (refused.Status, refused.Code));
            Assert.InRange(int.Parse(Assert.Single(refused.Headers.GetValues("Retry-After")), CultureInfo.InvariantCulture), 1, 2);
        }

        Assert.Contains(replies, reply => reply.Status == 429);
    }

    [Fact]
    public async Task Streams_and_transactions_count_and_other_accounts_do_not()
    {
        var (account, other) = (await service.NewAccountAsync("rate"), await service.AccountOfAsync<RateLimitTests>());
        await service.QueryAsync(account, "select 1");
        await LimitAsync(account, 1);
        await Testing.Eventually.Async(
            async () => (await Task.WhenAll(AskAsync(account), AskAsync(account))).Any(reply => reply.Status == 429), TimeSpan.FromSeconds(10), "the limit is in force");

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 4).SelectMany(_ => new[] { AskAsync(account, "text/csv"), AskAsync(account, "application/x-ndjson"), TransactionAsync(account) }));

        Assert.Contains(replies, reply => reply.Status == 429);
        Assert.All(replies, reply => Assert.True(reply.Status == 200 || reply.Code == "rate_limited", reply.ToString()));
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(other))), reply => Assert.Equal(200, reply.Status));
    }

    [Fact]
    public async Task Statements_of_interactive_transactions_count_and_their_ends_do_not()
    {
        var account = await service.NewAccountAsync("rate");
        await service.QueryAsync(account, "create table item (id int)");
        var (kept, dropped) = (await BeginAsync(account), await BeginAsync(account));
        await LimitAsync(account, 1);
        await Testing.Eventually.Async(
            async () => (await Task.WhenAll(AskAsync(account), AskAsync(account))).Any(reply => reply.Status == 429), TimeSpan.FromSeconds(10), "the limit is in force");

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => InsertAsync(account, kept)));

        var refused = replies.Where(reply => reply.Status != 200).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, reply => Assert.Equal((429, "rate_limited"), (reply.Status, reply.Code)));
        Assert.All(refused, reply => Assert.InRange(int.Parse(Assert.Single(reply.Headers.GetValues("Retry-After")), CultureInfo.InvariantCulture), 1, 2));
        // It is still open, and has not failed.
        var accepted = replies.Length - refused.Count + 1;
        await Testing.Eventually.Async(async () => (await InsertAsync(account, kept)).Status == 200, TimeSpan.FromSeconds(10), "a statement is let in again");
        var ends = await Task.WhenAll(
            service.Client(account).CallAsync(HttpMethod.Put, $"/api/transactions/{kept}/commit"),
            service.Client(account).CallAsync(HttpMethod.Delete, $"/api/transactions/{dropped}"));
        Assert.Equal(["committed", "rolled_back"], ends.Select(reply => reply.Ok().GetProperty("outcome").GetString()));
        Assert.Equal(accepted, await RowsAsync(account));
    }

    [Fact]
    public async Task A_limit_that_is_taken_away_is_gone_within_a_second()
    {
        var account = await service.NewAccountAsync("rate", new Accounts.AccountLimits { RequestsPerSecond = 1 });
        await AskAsync(account);
        await LimitAsync(account, null);

        await Testing.Eventually.Async(
            async () => (await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AskAsync(account)))).All(reply => reply.Status == 200),
            Testing.Promised.Within(seconds: 1),
            "the limit is gone");
    }

    private async Task LimitAsync(string account, int? perSecond) => (await service.AdminClient().CallAsync(
        HttpMethod.Patch, $"/api/admin/accounts/{account}", JsonSerializer.Serialize(new { limits = new { requests_per_second = perSecond } }))).Ok();

    private Task<Reply> AskAsync(string account, string accept = "application/json") =>
        service.Client(account).CallAsync(HttpMethod.Post, "/api/query", new { sql = "select 1" }, ("Accept", accept));

    private async Task<string> BeginAsync(string account) =>
        (await service.Client(account).CallAsync(HttpMethod.Post, "/api/transactions")).Json.GetProperty("transaction_id").GetString()!;

    private Task<Reply> InsertAsync(string account, string transaction) =>
        service.Client(account).PostAsync($"/api/transactions/{transaction}/query", new { sql = "insert into item values (1)" });

    /// <summary>Past the service, which lets nothing in for a second.</summary>
    private async Task<long> RowsAsync(string account)
    {
        await using var database = await service.OpenInAsync(account);
        await using var command = new NpgsqlCommand("select count(*) from item", database);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private Task<Reply> TransactionAsync(string account) =>
        service.Client(account).PostAsync("/api/transaction", new { statements = new[] { new { sql = "select 1" } } });
}
