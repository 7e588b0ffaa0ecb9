using System.Text.RegularExpressions;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Tenancy;

/// <summary>The seven checks between a request and its account, and their order.</summary>
public sealed partial class AccountChecksTests(ServiceFixture service)
{
    private const string Sql = "select current_database()";

    [Fact]
    public async Task Without_a_token_the_answer_is_401_with_a_challenge_whatever_else_is_wrong()
    {
        foreach (var headers in new (string, string)[][]
        {
            [],
            [("X-Account-ID", "NOT A SLUG")],
            [("X-Account-ID", "postgres")],
            [("Authorization", "Bearer no-token")],
            [("Authorization", "Bearer no-token"), ("X-Account-ID", "NOT A SLUG")],
            [("Authorization", "Basic YWNtZTphY21l")],
            [("Authorization", "Bearer ")],
        })
        {
            var reply = await service.Anonymous.CallAsync(HttpMethod.Post, "/api/query", new { sql = Sql }, headers);

            Assert.Equal((401, "unauthorized"), (reply.Status, reply.Code));
            Assert.Equal("Bearer", reply.Headers.WwwAuthenticate.First().Scheme);
        }
    }

    [Fact]
    public async Task A_token_alone_is_enough_where_it_stands_for_one_account()
    {
        var account = await service.AccountOfAsync<AccountChecksTests>();

        var reply = await service.ClientWithoutHeader(account).PostAsync("/api/query", new { sql = Sql });

        Assert.Equal(account, reply.Ok().GetProperty("rows")[0][0].GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("ACME")]
    [InlineData("Acme")]
    [InlineData("-acme")]
    [InlineData("_acme")]
    [InlineData("acme.example")]
    [InlineData("acme,acme")]
    [InlineData("acme, acme")]
    [InlineData("acme%0a")]
    [InlineData("acme%20")]
    [InlineData("acme\\n")]
    [InlineData("acme;drop")]
    [InlineData("acm\u00e9")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task A_malformed_slug_is_an_invalid_account_even_where_it_is_somebody_elses(string slug)
    {
        var token = await service.TokenAsync(await service.AccountOfAsync<AccountChecksTests>());

        var (status, body) = await RawCall.QueryAsync(service.Address, Sql, $"Authorization: Bearer {token}", $"X-Account-ID: {slug}");

        Assert.Equal(400, status);
        Assert.Contains("\"code\":\"invalid_account\"", body, StringComparison.Ordinal);
        Assert.Contains("\"title\":\"Invalid account\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_header_is_sent_once()
    {
        var account = await service.AccountOfAsync<AccountChecksTests>();
        var token = await service.TokenAsync(account);

        var (status, body) = await RawCall.QueryAsync(
            service.Address, Sql, $"Authorization: Bearer {token}", $"X-Account-ID: {account}", $"X-Account-ID: {account}");

        Assert.Equal(400, status);
        Assert.Contains("\"code\":\"invalid_account\"", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kataven-admin")]
    [InlineData("postgres")]
    [InlineData("system")]
    [InlineData("template0")]
    [InlineData("template1")]
    public async Task A_reserved_slug_is_refused_as_such_also_to_who_may_not_act_for_it(string slug)
    {
        var reply = await CallAsync(await service.AccountOfAsync<AccountChecksTests>(), slug);

        Assert.Equal((403, "reserved_account"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("kataven-admin")]
    [InlineData("postgres")]
    [InlineData("system")]
    public async Task A_token_for_a_reserved_slug_reaches_no_database(string slug)
    {
        var reply = await service.ClientWithoutHeader(slug).PostAsync("/api/query", new { sql = Sql });

        Assert.Equal((403, "reserved_account"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Anothers_account_is_forbidden_in_the_same_words_whether_it_exists_or_not()
    {
        var mine = await service.AccountOfAsync<AccountChecksTests>();
        var other = await service.NewAccountAsync("other");
        var suspended = await service.NewAccountAsync("other");
        await service.Grains.GetGrain<Accounts.IAccountGrain>(suspended).SuspendAsync(null);

        var replies = new List<Reply>();
        foreach (var slug in new[] { other, suspended, "nobody-has-this" })
        {
            replies.Add(await CallAsync(mine, slug));
        }

        Assert.All(replies, reply => Assert.Equal((403, "account_forbidden"), (reply.Status, reply.Code)));
        Assert.Single(replies.Select(reply => TraceId().Replace(reply.Text, "")).Distinct());
        Assert.Single(replies.Select(reply => string.Join('\n', reply.Headers.Where(header => header.Key != "Date"))).Distinct());
    }

    [Fact]
    public async Task The_administrators_token_opens_no_accounts_data()
    {
        var reply = await CallAsync("kataven-admin", await service.AccountOfAsync<AccountChecksTests>());

        Assert.Equal((403, "account_forbidden"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task An_unknown_account_is_an_invalid_one()
    {
        var reply = await service.TryQueryAsync("not-in-the-table", Sql);

        Assert.Equal((400, "invalid_account", "Invalid account"), (reply.Status, reply.Code, reply.Json.GetProperty("title").GetString()));
    }

    [Theory]
    [InlineData("suspended")]
    [InlineData("provisioning")]
    [InlineData("deleting")]
    [InlineData("failed")]
    public async Task An_account_that_is_not_active_is_refused_with_its_status(string status)
    {
        var account = await service.NewAccountAsync(status);
        await AccountRows.SetStatusAsync(service, account, status);

        await Testing.Eventually.Async(
            async () => (await service.TryQueryAsync(account, Sql)).Status != 200, Testing.Promised.Within(seconds: 1), "the status is in force");
        var reply = await service.TryQueryAsync(account, Sql);

        Assert.Equal((403, "account_inactive"), (reply.Status, reply.Code));
        Assert.Equal(status, reply.Json.GetProperty("account_status").GetString());
    }

    private async Task<Reply> CallAsync(string tokenOf, string slug) => await service.ClientWithoutHeader(tokenOf)
        .CallAsync(HttpMethod.Post, "/api/query", new { sql = Sql }, ("X-Account-ID", slug));

    [GeneratedRegex("\"trace_id\":\"[^\"]*\"")]
    private static partial Regex TraceId();
}
