using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Admin;

public sealed class AccountDeletionTests(ServiceFixture service)
{
    private HttpClient Admin => service.AdminClient();

    [Fact]
    public async Task A_deleted_account_leaves_nothing_and_its_slug_can_be_used_again()
    {
        var slug = await service.NewAccountAsync("delete");
        await service.QueryAsync(slug, "create table gone ()");
        var sleep = await service.BeginSleepAsync(slug);
        var role = await service.RoleAsync(slug);

        Assert.Equal(204, (await service.DeleteAsync(slug)).Status);

        Assert.False(await service.DatabaseExistsAsync(slug));
        Assert.False(await service.RoleExistsAsync(role));
        Assert.True((await sleep).Code is "account_inactive" or "invalid_account");
        Assert.Equal("invalid_account", (await service.TryQueryAsync(slug, "select 1")).Code);
        Assert.Equal("account_not_found", (await service.DeleteAsync(slug)).Code);

        Assert.Equal(201, (await service.CreateAsync(slug)).Status);
        Assert.Equal(0, (await service.ScalarAsync(slug, "select count(*) from pg_class where relname = 'gone'")).GetInt32());
        Assert.NotEqual(role, await service.RoleAsync(slug));
    }

    [Theory]
    [InlineData("", "confirm")]
    [InlineData("?confirm=&backup=false", "confirm")]
    [InlineData("?confirm=acme&backup=false", "confirm")]
    [InlineData("?confirm={id}&backup=no", "backup")]
    public async Task Nothing_is_deleted_without_its_slug_once_more(string query, string parameter)
    {
        var slug = await service.NewAccountAsync("careful");

        var reply = await Admin.CallAsync(HttpMethod.Delete, $"/api/admin/accounts/{slug}{query.Replace("{id}", slug, StringComparison.Ordinal)}");

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
        Assert.StartsWith(parameter, reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await service.QueryAsync(slug, "select 1");
    }

    [Fact]
    public async Task An_account_to_whose_role_another_granted_something_can_be_deleted()
    {
        var (slug, other) = (await service.NewAccountAsync("granted"), await service.NewAccountAsync("granter"));
        var role = await service.RoleAsync(slug);
        await service.QueryAsync(other, "create table shared as select 1 as n");
        await service.QueryAsync(other, $"grant select on shared to {role}");
        await service.QueryAsync(other, $"alter default privileges grant select on tables to {role}");

        Assert.Equal(204, (await service.DeleteAsync(slug)).Status);

        Assert.False(await service.RoleExistsAsync(role));
        Assert.Equal(1, (await service.ScalarAsync(other, "select n from shared")).GetInt32());
    }

    [Theory]
    [InlineData("DROP DATABASE \"{0}\" WITH (FORCE)")]
    [InlineData("DROP DATABASE \"{0}\" WITH (FORCE); DROP ROLE {1}")]
    [InlineData("SELECT 1")]
    public async Task A_deletion_that_broke_off_is_finished_when_it_is_sent_again(string done)
    {
        var slug = await service.NewAccountAsync("broken");
        var role = await service.RoleAsync(slug);
        await service.RunAsync("system", $"UPDATE accounts SET status = 'deleting' WHERE account_id = '{slug}'");
        foreach (var statement in done.Split("; "))
        {
            await service.RunAsync("postgres", statement.Replace("{0}", slug, StringComparison.Ordinal).Replace("{1}", role, StringComparison.Ordinal));
        }

        Assert.Equal("account_exists", (await service.CreateAsync(slug)).Code);
        Assert.Equal(204, (await service.DeleteAsync(slug)).Status);
        Assert.False(await service.DatabaseExistsAsync(slug));
        Assert.False(await service.RoleExistsAsync(role));
        Assert.Equal(201, (await service.CreateAsync(slug)).Status);
    }

    [Fact]
    public async Task Two_who_delete_one_account_at_once_delete_it_once()
    {
        var slug = await service.NewAccountAsync("twice");

        var replies = await Task.WhenAll(service.DeleteAsync(slug), service.DeleteAsync(slug));

        // The second waits for the first's deletion, or comes after it.
        Assert.Contains(204, replies.Select(reply => reply.Status));
        Assert.All(replies, reply => Assert.True(reply.Status == 204 || reply.Code == "account_not_found", reply.ToString()));
        Assert.Equal(1, await service.SystemScalarAsync<long>("SELECT count(*) FROM kataven.operation WHERE account_id = $1 AND kind = 'deletion'", slug));
    }
}
