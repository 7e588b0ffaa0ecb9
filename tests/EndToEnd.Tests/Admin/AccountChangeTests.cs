using System.Text.Json;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Admin;

public sealed class AccountChangeTests(ServiceFixture service)
{
    private HttpClient Admin => service.AdminClient();

    [Fact]
    public async Task A_patch_changes_what_it_names_and_null_takes_it_back()
    {
        var slug = await service.NewAccountAsync("patch");

        var set = (await PatchAsync(slug, new { account_name = "New", org_id = "org-" + slug, limits = new { max_lanes = 2, max_queue = 9 } })).Ok();
        Assert.Equal(("New", "org-" + slug), (set.GetProperty("account_name").GetString(), set.GetProperty("org_id").GetString()));
        Assert.Equal(2, set.GetProperty("limits").GetProperty("max_lanes").GetInt32());

        var reset = (await PatchAsync(slug, new { org_id = (string?)null, limits = new { max_lanes = (int?)null } })).Ok();
        Assert.Equal("New", reset.GetProperty("account_name").GetString());
        Assert.Equal(JsonValueKind.Null, reset.GetProperty("org_id").ValueKind);
        Assert.Equal(JsonValueKind.Null, reset.GetProperty("limits").GetProperty("max_lanes").ValueKind);
        Assert.Equal(9, reset.GetProperty("limits").GetProperty("max_queue").GetInt32());

        Assert.Equal(reset.GetRawText(), (await PatchAsync(slug, "{}")).Ok().GetRawText());
        // The account, and behind it what is known of its database.
        var shown = (await Admin.CallAsync(HttpMethod.Get, $"/api/admin/accounts/{slug}")).Ok().GetRawText();
        Assert.StartsWith(reset.GetRawText()[..^1], shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_applies_to_the_running_account_within_a_second()
    {
        var slug = await service.NewAccountAsync("limit");
        await service.QueryAsync(slug, "select 1");

        (await PatchAsync(slug, new { limits = new { statement_timeout_ms = 50 } })).Ok();

        await Eventually.Async(
            async () => (await service.TryQueryAsync(slug, "select pg_sleep(0.3)")).Code == "query_timeout", Promised.Within(seconds: 1), "the limit is in force");
    }

    [Fact]
    public async Task An_account_that_is_bound_answers_to_its_organisation_alone()
    {
        var slug = await service.NewAccountAsync("bind");
        await service.QueryAsync(slug, "select 1");

        (await PatchAsync(slug, new { org_id = "somebody else's " + slug })).Ok();
        await Eventually.Async(
            async () => (await service.TryQueryAsync(slug, "select 1")).Code == "account_forbidden", Promised.Within(seconds: 1), "the binding is in force");

        (await PatchAsync(slug, new { org_id = (string?)null })).Ok();
        await Eventually.Async(
            async () => (await service.TryQueryAsync(slug, "select 1")).Status == 200, Promised.Within(seconds: 1), "the binding is undone");
    }

    [Theory]
    [InlineData("""{"account_name":null}""", "account_name")]
    [InlineData("""{"account_id":"x"}""", "account_id")]
    [InlineData("""{"limits":{"max_result_bytes":0}}""", "limits.max_result_bytes")]
    [InlineData("""{"limits":{"max_lanes":1,"max_lanes":2}}""", "limits.max_lanes")]
    [InlineData("""{"limits":null}""", "limits")]
    [InlineData("""{"org_id":"a\nb"}""", "org_id")]
    public async Task A_patch_of_the_wrong_form_is_refused(string body, string member)
    {
        var reply = await PatchAsync("acme", body);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
        Assert.Contains(member, reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PATCH", "")]
    [InlineData("PUT", "/suspension")]
    [InlineData("DELETE", "/suspension")]
    [InlineData("DELETE", "?confirm={id}&backup=false")]
    public async Task Whatever_is_asked_of_an_account_that_is_not_there_is_not_found(string method, string rest)
    {
        foreach (var (id, status, code) in new[] { ("never-made", 404, "account_not_found"), ("system", 404, "account_not_found"), ("Never", 400, "invalid_account") })
        {
            var path = $"/api/admin/accounts/{id}{rest.Replace("{id}", id, StringComparison.Ordinal)}";

            var reply = await Admin.CallAsync(new HttpMethod(method), path, method is "PATCH" or "PUT" ? "{}" : null);

            Assert.Equal((status, code), (reply.Status, reply.Code));
        }
    }

    [Fact]
    public async Task Accounts_are_listed_by_slug_page_by_page()
    {
        var prefix = AccountCalls.Slug("page");
        string[] slugs = [$"{prefix}-a", $"{prefix}-b", $"{prefix}-c"];
        foreach (var slug in slugs)
        {
            Assert.Equal(201, (await service.CreateAsync(slug, $"The {prefix.ToUpperInvariant()} account")).Status);
        }

        (await Admin.CallAsync(HttpMethod.Put, $"/api/admin/accounts/{slugs[1]}/suspension", "{}")).Ok();

        var first = await ListAsync($"?q={prefix}&limit=2");
        Assert.Equal(slugs[..2], Slugs(first));
        var second = await ListAsync($"?q={prefix}&limit=2&after={first.GetProperty("next").GetString()}");
        Assert.Equal(slugs[2..], Slugs(second));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        Assert.Equal(slugs[1..2], Slugs(await ListAsync($"?q={prefix}&status=suspended")));
        Assert.Equal(slugs, Slugs(await ListAsync($"?q=the%20{prefix}&status=&after=")));
    }

    [Theory]
    [InlineData("status=sleeping", "status")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("after=No%20slug", "after")]
    [InlineData("q=a%00b", "q")]
    [InlineData("q=a&q=b", "q")]
    public async Task A_list_that_is_asked_for_in_the_wrong_form_is_refused(string query, string parameter)
    {
        var reply = await Admin.CallAsync(HttpMethod.Get, $"/api/admin/accounts?{query}");

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
        Assert.StartsWith(parameter, reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_administration_is_closed_to_the_tokens_of_accounts()
    {
        var slug = await service.NewAccountAsync("closed");

        foreach (var path in new[] { "accounts", $"accounts/{slug}", "pools", "cluster", "audit" })
        {
            Assert.Equal("admin_only", (await service.Client(slug).CallAsync(HttpMethod.Get, "/api/admin/" + path)).Code);
            Assert.Equal(401, (await service.Anonymous.CallAsync(HttpMethod.Get, "/api/admin/" + path)).Status);
        }
    }

    private Task<Reply> PatchAsync(string slug, object body) => Admin.CallAsync(HttpMethod.Patch, $"/api/admin/accounts/{slug}", body);

    private async Task<JsonElement> ListAsync(string query) => (await Admin.CallAsync(HttpMethod.Get, "/api/admin/accounts" + query)).Ok();

    private static string[] Slugs(JsonElement page) =>
        [.. page.GetProperty("accounts").EnumerateArray().Select(account => account.GetProperty("account_id").GetString()!)];
}
