using Kataven.Isolation.Tests.Servers;
using Kataven.Testing.Service;

namespace Kataven.Isolation.Tests.Credentials;

/// <summary>A key that is missing, another one, or changed. Each test begins with the service's own.</summary>
[Collection<SecretCollection>]
public sealed class KeyTests(SecretService service) : IAsyncLifetime
{
    private const string Setting = "Kataven:Secrets:Key";

    public async ValueTask InitializeAsync() => await service.BeginAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_the_right_key_nothing_is_written_and_each_answer_is_a_named_problem(bool another)
    {
        var account = await service.NewAccountAsync("keyless");
        var stored = await StoredAsync(account);
        await RestartAsync(another ? [SecretService.NewKey()] : []);
        AssertCritical(Setting);

        service.Log.Clear();
        var asked = await service.TryQueryAsync(account, "SELECT 1");
        AssertUnavailable(asked);
        Assert.DoesNotContain("Kataven:", asked.Text, StringComparison.Ordinal);
        AssertCritical(account);
        var slug = $"never-{Guid.NewGuid():N}"[..14];
        foreach (var reply in (Reply[])
        [
            await service.AdminClient().PostAsync("/api/admin/accounts", new { account_id = slug, account_name = "Never" }),
            await service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/credentials/rotation"),
            await service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/isolation/repair"),
        ])
        {
            AssertUnavailable(reply);
            Assert.Contains(Setting, reply.Text, StringComparison.Ordinal);
        }

        Assert.Equal(0, await service.SystemScalarAsync<long>("SELECT count(*) FROM public.accounts WHERE account_id = $1", slug));
        Assert.Equal(stored, await StoredAsync(account));
        await RestartAsync([service.Key]);
        Assert.Equal(1, (await service.ScalarAsync(account, "SELECT 1")).GetInt32());
    }

    [Fact]
    public async Task Without_the_right_key_an_adopted_account_is_refused_without_a_word_of_settings()
    {
        // By one that stands there it is told that the key is another.
        await service.NewAccountAsync("keyed");
        var account = await service.NewHandMadeAsync("keyless");
        await RestartAsync([SecretService.NewKey()]);

        var reply = await service.TryQueryAsync(account, "SELECT 1");
        AssertUnavailable(reply);
        Assert.DoesNotContain("Kataven:", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_right_key_an_account_can_be_looked_at_suspended_and_removed()
    {
        var account = await service.NewAccountAsync("keyless");
        var role = await service.RoleOfAsync(account);
        await RestartAsync([]);

        var finding = await FindingAsync(account);
        Assert.False(finding.Ok);
        Assert.Contains(Setting, finding.Detail, StringComparison.Ordinal);
        Assert.Contains(Setting, (await service.AdminClient().CallAsync(HttpMethod.Get, "/api/admin/isolation")).Ok().ToString(), StringComparison.Ordinal);
        Assert.Equal(200, (await service.AdminClient().CallAsync(HttpMethod.Put, $"/api/admin/accounts/{account}/suspension", new { reason = "test" })).Status);
        var removed = await service.AdminClient().CallAsync(HttpMethod.Delete, $"/api/admin/accounts/{account}?confirm={account}&backup=false");
        Assert.True(removed.Status is 200 or 204, removed.ToString());
        Assert.Equal(0, await service.SystemScalarAsync<long>("SELECT count(*) FROM pg_roles WHERE rolname = $1", role));
    }

    [Fact]
    public async Task A_former_key_reads_and_rotation_and_repair_write_under_the_new_one()
    {
        var (rotated, repaired) = (await service.NewAccountAsync("former"), await service.NewAccountAsync("former"));
        var changed = SecretService.NewKey();
        service.Log.Clear();
        await RestartAsync([changed, SecretService.NewKey(), service.Key]);

        Assert.Contains(service.Log, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("FormerKeys", StringComparison.Ordinal));
        Assert.Equal(1, (await service.ScalarAsync(rotated, "SELECT 1")).GetInt32());
        Assert.False((await FindingAsync(rotated)).Ok);
        foreach (var path in (string[])[$"{rotated}/credentials/rotation", $"{repaired}/isolation/repair"])
        {
            var reply = await service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{path}");
            Assert.True(reply.Status == 200, reply.ToString());
        }

        var made = await service.NewAccountAsync("changed");
        await RestartAsync([changed]);
        foreach (var account in (string[])[rotated, repaired, made])
        {
            Assert.True((await FindingAsync(account)).Ok);
            Assert.Equal(1, (await service.ScalarAsync(account, "SELECT 1")).GetInt32());
            await service.SuperuserAsync("system", $"DELETE FROM public.accounts WHERE account_id = '{account}'");
        }
    }

    [Fact]
    public async Task A_password_from_before_there_was_a_key_is_read_and_encrypted_when_it_is_repaired()
    {
        var account = await service.NewAccountAsync("clear");
        await service.SuperuserAsync("system", $"UPDATE kataven.credentials SET password = 'from-before' WHERE account_id = '{account}'");
        await service.CloseLanesAsync(account);

        Assert.Equal(1, (await service.ScalarAsync(account, "SELECT 1")).GetInt32());
        Assert.False((await FindingAsync(account)).Ok);
        Assert.Equal(200, (await service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/isolation/repair")).Status);
        Assert.StartsWith("v1:", await StoredAsync(account), StringComparison.Ordinal);
        Assert.True((await FindingAsync(account)).Ok);
        Assert.Equal(1, (await service.ScalarAsync(account, "SELECT 1")).GetInt32());
    }

    [Fact]
    public async Task Passwords_whose_key_is_lost_can_be_made_anew_as_the_operators_guide_says()
    {
        var account = await service.NewAccountAsync("lost");
        await service.SuperuserAsync("system", "UPDATE kataven.credentials SET password = encode(sha256(gen_random_uuid()::text::bytea), 'hex') WHERE starts_with(password, 'v1:')");
        await RestartAsync([SecretService.NewKey()]);

        Assert.Equal(200, (await service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/credentials/rotation")).Status);
        Assert.StartsWith("v1:", await StoredAsync(account), StringComparison.Ordinal);
        Assert.Equal(1, (await service.ScalarAsync(account, "SELECT 1")).GetInt32());
        await service.SuperuserAsync("system", $"DELETE FROM public.accounts WHERE account_id = '{account}'");
    }

    private Task RestartAsync(string[] keys)
    {
        service.Keys = keys;
        return service.RestartServiceAsync();
    }

    private Task<string> StoredAsync(string account) =>
        service.SystemScalarAsync<string>("SELECT password FROM kataven.credentials WHERE account_id = $1", account);

    private async Task<(bool Ok, string Detail)> FindingAsync(string account)
    {
        var report = (await service.AdminClient().CallAsync(HttpMethod.Get, $"/api/admin/accounts/{account}/isolation")).Ok();
        var finding = report.GetProperty("findings").EnumerateArray().Single(finding => finding.GetProperty("name").GetString() == "password");
        return (finding.GetProperty("ok").GetBoolean(), finding.GetProperty("detail").GetString()!);
    }

    private void AssertCritical(string part) =>
        Assert.Contains(service.Log, line => line.StartsWith("Critical", StringComparison.Ordinal) && line.Contains(part, StringComparison.Ordinal));

    private static void AssertUnavailable(Reply reply)
    {
        Assert.True(reply is { Status: 503, Code: "database_unavailable" }, reply.ToString());
        Assert.DoesNotContain("v1:", reply.Text, StringComparison.Ordinal);
    }
}
