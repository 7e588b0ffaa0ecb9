using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Admin;

public sealed class AccountCreationTests(ServiceFixture service)
{
    private HttpClient Admin => service.AdminClient();

    [Fact]
    public async Task A_new_account_is_answered_with_its_place_and_serves_at_once()
    {
        var slug = AccountCalls.Slug("new");

        var reply = await Admin.PostAsync(
            "/api/admin/accounts",
            new { account_id = slug, account_name = "Näme", org_id = (string?)null, limits = new { max_lanes = 3, requests_per_second = (int?)null } });

        Assert.Equal(201, reply.Status);
        Assert.Equal($"/api/admin/accounts/{slug}", reply.Headers.Location?.OriginalString);
        var account = reply.Json;
        Assert.Equal(slug, account.GetProperty("account_id").GetString());
        Assert.Equal("Näme", account.GetProperty("account_name").GetString());
        Assert.Equal(slug, account.GetProperty("database_name").GetString());
        Assert.Equal("active", account.GetProperty("status").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, account.GetProperty("org_id").ValueKind);
        Assert.Equal(3, account.GetProperty("limits").GetProperty("max_lanes").GetInt32());
        Assert.Equal(6, account.GetProperty("limits").EnumerateObject().Count());
        Assert.True(account.GetProperty("created_at").GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddMinutes(-5));
        Assert.Equal(slug, (await service.ScalarAsync(slug, "select current_database()")).GetString());
    }

    [Fact]
    public async Task A_slug_that_is_taken_is_a_conflict()
    {
        var slug = await service.NewAccountAsync("taken");

        var reply = await service.CreateAsync(slug);

        Assert.Equal((409, "account_exists"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Of_many_who_create_one_account_at_once_one_has_created_it()
    {
        var slug = AccountCalls.Slug("race");

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => service.CreateAsync(slug)));

        Assert.Single(replies, reply => reply.Status == 201);
        Assert.All(replies, reply => Assert.True(reply.Status == 201 || reply.Code == "account_exists", reply.ToString()));
    }

    [Theory]
    [InlineData("""{"account_name":"a"}""", "account_id")]
    [InlineData("""{"account_id":"a-b"}""", "account_name")]
    [InlineData("""{"account_id":7,"account_name":"a"}""", "account_id")]
    [InlineData("""{"account_id":"a-b","account_name":""}""", "account_name")]
    [InlineData("""{"account_id":"a-b","account_name":null}""", "account_name")]
    [InlineData("""{"account_id":"a-b","account_name":"a\u0000b"}""", "account_name")]
    [InlineData("""{"account_id":"a-b","account_name":"a","org_id":""}""", "org_id")]
    [InlineData("""{"account_id":"a-b","account_name":"a","org_id":7}""", "org_id")]
    [InlineData("""{"account_id":"a-b","account_name":"a","limits":7}""", "limits")]
    [InlineData("""{"account_id":"a-b","account_name":"a","limits":{"max_lanes":0}}""", "limits.max_lanes has to be 1 to 49")]
    [InlineData("""{"account_id":"a-b","account_name":"a","limits":{"max_lanes":50}}""", "limits.max_lanes")]
    [InlineData("""{"account_id":"a-b","account_name":"a","limits":{"max_queue":"7"}}""", "limits.max_queue")]
    [InlineData("""{"account_id":"a-b","account_name":"a","limits":{"requests_per_second":-1}}""", "limits.requests_per_second")]
    [InlineData("""{"account_id":"a-b","account_name":"a","limits":{"wait_timeout_ms":1.5}}""", "limits.wait_timeout_ms")]
    [InlineData("""{"account_id":"a-b","account_name":"a","limits":{"max_dreams":1}}""", "limits.max_dreams")]
    [InlineData("""{"account_id":"a-b","account_name":"a","account_name":"b"}""", "account_name")]
    [InlineData("""{"account_id":"a-b","account_name":"a","status":"active"}""", "status")]
    [InlineData("""{"account_id":"a-b","account_name":"a"} 1""", "")]
    [InlineData("[]", "")]
    [InlineData("", "")]
    public async Task A_body_of_the_wrong_form_is_refused_by_the_name_of_what_is_wrong(string body, string member)
    {
        var reply = await Admin.PostAsync("/api/admin/accounts", body);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
        Assert.Contains(member, reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Acme", 400, "invalid_account")]
    [InlineData("", 400, "invalid_account")]
    [InlineData("_acme", 400, "invalid_account")]
    [InlineData("acme\\n", 400, "invalid_account")]
    [InlineData("system", 403, "reserved_account")]
    [InlineData("postgres", 403, "reserved_account")]
    [InlineData("kataven-admin", 403, "reserved_account")]
    public async Task A_slug_that_can_be_no_accounts_is_refused(string slug, int status, string code)
    {
        var reply = await Admin.PostAsync("/api/admin/accounts", $$"""{"account_id":"{{slug}}","account_name":"a"}""");

        Assert.Equal((status, code), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task A_database_that_was_there_before_is_not_handed_out()
    {
        var slug = AccountCalls.Slug("foreign");
        await service.RunAsync("postgres", $"CREATE DATABASE \"{slug}\"");

        var reply = await service.CreateAsync(slug);

        Assert.Equal((409, "account_exists"), (reply.Status, reply.Code));
        Assert.Equal("account_not_found", (await Admin.CallAsync(HttpMethod.Get, $"/api/admin/accounts/{slug}")).Code);
    }

    [Fact]
    public async Task A_database_that_came_while_the_account_was_unfinished_is_neither_handed_out_nor_dropped()
    {
        var slug = AccountCalls.Slug("late");
        await service.RunAsync("system", $"INSERT INTO accounts (account_id, account_name, database_name, status) VALUES ('{slug}', 'x', '{slug}', 'provisioning')");
        await service.RunAsync("postgres", $"CREATE DATABASE \"{slug}\"");

        Assert.Equal("account_exists", (await service.CreateAsync(slug)).Code);
        Assert.Equal(204, (await service.DeleteAsync(slug)).Status);
        Assert.True(await service.DatabaseExistsAsync(slug));
    }

    [Theory]
    [InlineData("its row was written", "SELECT 1")]
    [InlineData("its credential was written", "INSERT INTO kataven.credentials (account_id, role_name, password) VALUES ('{0}', 't_crashed_{1}', 'x')")]
    [InlineData("it failed", "UPDATE accounts SET status = 'failed', status_reason = 'x' WHERE account_id = '{0}'")]
    public async Task A_making_that_broke_off_is_finished_when_it_is_sent_again_after(string point, string then)
    {
        var slug = AccountCalls.Slug("again");
        await service.RunAsync("system", $"INSERT INTO accounts (account_id, account_name, database_name, status, max_lanes) VALUES ('{slug}', 'old', '{slug}', 'provisioning', 5)");
        await service.RunAsync("system", then.Replace("{0}", slug, StringComparison.Ordinal).Replace("{1}", slug.Replace('-', '_'), StringComparison.Ordinal));

        await ExpectFinishedAsync(slug, point);
    }

    [Fact]
    public async Task A_making_that_broke_off_before_its_database_had_its_name_is_finished_when_it_is_sent_again()
    {
        var slug = AccountCalls.Slug("working");
        await service.RunAsync("system", $"INSERT INTO accounts (account_id, account_name, database_name, status) VALUES ('{slug}', 'old', '{slug}', 'provisioning')");
        var uid = await service.SystemScalarAsync<Guid>("SELECT account_uid FROM accounts WHERE account_id = $1", slug);
        await service.RunAsync("postgres", $"CREATE DATABASE \"_{uid:N}\" TEMPLATE template0 ALLOW_CONNECTIONS false");

        await ExpectFinishedAsync(slug, "the database was made");
        Assert.False(await service.DatabaseExistsAsync($"_{uid:N}"));
    }

    [Fact]
    public async Task A_making_that_broke_off_at_its_end_is_finished_when_it_is_sent_again()
    {
        var slug = await service.NewAccountAsync("end");
        await service.RunAsync("system", $"UPDATE accounts SET status = 'provisioning' WHERE account_id = '{slug}'");

        await ExpectFinishedAsync(slug, "all but its status was written");
    }

    private async Task ExpectFinishedAsync(string slug, string point)
    {
        var reply = await service.CreateAsync(slug, "as it is asked for now");

        Assert.True(reply.Status == 201, $"after {point}: {reply}");
        Assert.Equal("as it is asked for now", reply.Json.GetProperty("account_name").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, reply.Json.GetProperty("limits").GetProperty("max_lanes").ValueKind);
        Assert.Equal(slug, (await service.ScalarAsync(slug, "select current_database()")).GetString());
    }
}
