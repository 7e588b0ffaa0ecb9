using Kataven.Isolation.Tests.Audits;
using Kataven.Testing;
using Kataven.Testing.Service;
using Npgsql;

namespace Kataven.Isolation.Tests.Managed;

/// <summary>Without a superuser the whole path works, and what is missing is named.</summary>
public abstract class ManagedSuite
{
    private readonly ManagedService _service;

    protected ManagedSuite(ManagedService service)
    {
        Assert.SkipWhen(service.Unavailable is not null, "This server cannot be had on this machine.");
        _service = service;
    }

    [Fact]
    public async Task The_whole_path_works_from_making_an_account_to_deleting_it()
    {
        var admin = _service.AdminClient();
        var created = await admin.PostAsync("/api/admin/accounts", new { account_id = "managed-one", account_name = "One" });
        Assert.True(created.Status == 201, created.ToString());
        await _service.QueryAsync("managed-one", "CREATE TABLE item (id int)");
        await _service.QueryAsync("managed-one", "INSERT INTO item VALUES (7)");
        Assert.Equal(7, (await _service.ScalarAsync("managed-one", "SELECT id FROM item")).GetInt32());
        var rotated = await admin.CallAsync(HttpMethod.Post, "/api/admin/accounts/managed-one/credentials/rotation");
        Assert.True(rotated.Status == 200, rotated.ToString());
        var repaired = await admin.CallAsync(HttpMethod.Post, "/api/admin/accounts/managed-one/isolation/repair");
        Assert.True(repaired.Status == 200, repaired.ToString());
        var endless = await _service.Client("managed-one").PostAsync("/api/query", new
        {
            sql = "DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$",
            timeout_ms = 1_000,
        });
        Assert.Equal("query_timeout", endless.Code);
        await Eventually.Async(async () => await CountAsync("state = 'active'") == 0, TimeSpan.FromSeconds(5), "the backend that did not stop is gone");
        var suspended = await admin.CallAsync(HttpMethod.Put, "/api/admin/accounts/managed-one/suspension", new { reason = "test" });
        Assert.True(suspended.Status == 200, suspended.ToString());
        Assert.Equal(0, await CountAsync("true"));
        Assert.Equal("account_inactive", (await _service.TryQueryAsync("managed-one", "SELECT 1")).Code);
        Assert.Equal(200, (await admin.CallAsync(HttpMethod.Delete, "/api/admin/accounts/managed-one/suspension")).Status);
        Assert.Equal(7, (await _service.ScalarAsync("managed-one", "SELECT id FROM item")).GetInt32());
        var deleted = await admin.CallAsync(HttpMethod.Delete, "/api/admin/accounts/managed-one?confirm=managed-one&backup=false");
        Assert.True(deleted.Status is 200 or 204, deleted.ToString());
        Assert.Equal(0, await _service.SystemScalarAsync<long>("SELECT count(*) FROM pg_database WHERE datname = 'managed-one'"));
        Assert.Equal(0, await _service.SystemScalarAsync<long>("SELECT count(*) FROM pg_roles WHERE rolname LIKE 't\\_%'"
            + " AND rolname NOT IN (SELECT role_name FROM public.accounts WHERE role_name IS NOT NULL)"));
    }

    [Fact]
    public async Task What_is_missing_is_named_by_the_report_and_at_the_start()
    {
        var report = (await _service.AdminClient().CallAsync(HttpMethod.Get, "/api/admin/isolation")).Ok().ToString();
        foreach (var name in (string[])["catalog_privileges", "guard_triggers", "role_settings", "catalog_views", "large_objects"])
        {
            Assert.Contains(name, report, StringComparison.Ordinal);
            Assert.Contains(_service.Log, line => line.StartsWith($"Warning Protection {name} is missing: ", StringComparison.Ordinal));
        }

        Assert.Contains(_service.Log, line => line.StartsWith("Warning Kataven:Secrets:Key is not set", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_such_a_server_cannot_give_is_a_warning_of_the_audit_and_no_accounts_fault()
    {
        var account = await _service.NewAccountAsync("audited");

        var audit = await CommandLine.IsolationAsync(_service, "audit", "--output", "csv");
        Assert.DoesNotContain($",{account},", audit.Out, StringComparison.Ordinal);
        Assert.Contains("warning,,guard_triggers,", audit.Out, StringComparison.Ordinal);
        Assert.Equal(4, (await CommandLine.IsolationAsync(_service, "audit", "--server-only", "--strict")).ExitCode);
        var show = await CommandLine.IsolationAsync(_service, "show", account);
        Assert.True(show.ExitCode == 0 && !show.Json.GetProperty("sound").GetBoolean(), show.ToString());
        var repair = await CommandLine.IsolationAsync(_service, "repair", account, "--output", "csv");
        Assert.Equal((0, ""), (repair.ExitCode, repair.Error));
        Assert.Contains($"{account},repaired,\"cannot be had on this server: ", repair.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_accounts_role_cannot_enter_and_what_it_owns_is_put_back()
    {
        var (one, two) = (await _service.NewAccountAsync("managed"), await _service.NewAccountAsync("managed"));
        await _service.QueryAsync(one, "CREATE TABLE item (id int)");
        var login = new NpgsqlConnectionStringBuilder(_service.ConnectionString)
        {
            Database = one,
            Username = await _service.SystemScalarAsync<string>("SELECT role_name FROM kataven.credentials WHERE account_id = $1", two),
            Password = await _service.SystemScalarAsync<string>("SELECT password FROM kataven.credentials WHERE account_id = $1", two),
        };
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Equal("42501", refused.SqlState);

        await _service.QueryAsync(one, "ALTER ROLE CURRENT_USER PASSWORD 'mine'");
        await _service.AdminClient().CallAsync(HttpMethod.Delete, $"/api/admin/pools/{one}");
        Assert.Equal(0, (await _service.ScalarAsync(one, "SELECT count(*) FROM item")).GetInt32());
    }

    private Task<long> CountAsync(string condition) => _service.SystemScalarAsync<long>(
        $"SELECT count(*) FROM pg_stat_activity WHERE datname = 'managed-one' AND {condition}");
}
