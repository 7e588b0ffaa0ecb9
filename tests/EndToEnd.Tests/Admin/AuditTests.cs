using System.Text.Json;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Admin;

public sealed class AuditTests(ServiceFixture service)
{
    private HttpClient Admin => service.AdminClient();

    [Fact]
    public async Task Every_call_that_changes_something_is_in_the_log_with_its_outcome()
    {
        var slug = AccountCalls.Slug("audit");
        var created = await service.CreateAsync(slug);
        await service.CreateAsync(slug);
        await Admin.CallAsync(HttpMethod.Patch, $"/api/admin/accounts/{slug}", """{"limits":{"max_lanes":0}}""");
        await Admin.CallAsync(HttpMethod.Get, $"/api/admin/accounts/{slug}");
        await Admin.CallAsync(HttpMethod.Put, $"/api/admin/accounts/{slug}/suspension", "{}");
        await service.DeleteAsync(slug);
        var missing = await service.DeleteAsync(slug);

        var entries = (await ListAsync($"?account={slug}")).GetProperty("entries").EnumerateArray().ToList();

        Assert.Equal(201, created.Status);
        Assert.Equal(
            [
                ("POST /api/admin/accounts", "succeeded", 201),
                ("POST /api/admin/accounts", "account_exists", 409),
                ("PATCH /api/admin/accounts/{id}", "invalid_request", 400),
                ("PUT /api/admin/accounts/{id}/suspension", "succeeded", 200),
                ("DELETE /api/admin/accounts/{id}", "succeeded", 204),
                ("operation deletion", "succeeded", 200),
                ("DELETE /api/admin/accounts/{id}", "account_not_found", 404),
            ],
            entries.Select(entry => (Text(entry, "action"), Text(entry, "outcome"), entry.GetProperty("status").GetInt32())));
        Assert.All(entries, entry => Assert.Equal(slug, Text(entry, "account_id")));
        Assert.Single(entries.Select(entry => Text(entry, "actor")).Distinct());
        Assert.Matches("^[0-9]{18}$", Text(entries[0], "actor"));
        Assert.Equal(missing.Json.GetProperty("trace_id").GetString(), Text(entries[^1], "trace_id"));
        Assert.True(entries[0].GetProperty("at").GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddMinutes(-5));
    }

    [Fact]
    public async Task The_log_is_read_page_by_page()
    {
        var slug = await service.NewAccountAsync("pages");
        for (var i = 0; i < 3; i++)
        {
            (await Admin.CallAsync(HttpMethod.Patch, $"/api/admin/accounts/{slug}", "{}")).Ok();
        }

        var first = await ListAsync($"?account={slug}&limit=2");
        var second = await ListAsync($"?account={slug}&limit=2&after={first.GetProperty("next").GetInt64()}");

        Assert.Equal((2, 1), (first.GetProperty("entries").GetArrayLength(), second.GetProperty("entries").GetArrayLength()));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Calls_that_are_not_let_in_are_not_logged()
    {
        var slug = await service.NewAccountAsync("outside");

        Assert.Equal("admin_only", (await service.Client(slug).CallAsync(HttpMethod.Delete, $"/api/admin/pools/{slug}")).Code);
        Assert.Equal(401, (await service.Anonymous.CallAsync(HttpMethod.Delete, $"/api/admin/pools/{slug}")).Status);

        Assert.Equal(0, (await ListAsync($"?account={slug}")).GetProperty("entries").GetArrayLength());
    }

    [Theory]
    [InlineData("after=x")]
    [InlineData("after=-1")]
    [InlineData("limit=0")]
    [InlineData("account=No%20slug")]
    public async Task A_log_that_is_asked_for_in_the_wrong_form_is_refused(string query)
    {
        var reply = await Admin.CallAsync(HttpMethod.Get, $"/api/admin/audit?{query}");

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
    }

    private async Task<JsonElement> ListAsync(string query) => (await Admin.CallAsync(HttpMethod.Get, "/api/admin/audit" + query)).Ok();

    private static string? Text(JsonElement entry, string name) => entry.GetProperty(name).GetString();
}
