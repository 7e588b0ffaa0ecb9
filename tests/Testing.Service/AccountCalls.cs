using Npgsql;
using Xunit;

namespace Kataven.Testing.Service;

/// <summary>What the tests of the administration have in common: slugs of their own, and a look behind the service.</summary>
public static class AccountCalls
{
    public static string Slug(string prefix) => $"{prefix}-{Guid.NewGuid():N}"[..(prefix.Length + 9)];

    public static Task<Reply> CreateAsync(this ServiceFixture service, string slug, string? name = null) =>
        service.AdminClient().PostAsync("/api/admin/accounts", new { account_id = slug, account_name = name ?? slug });

    public static async Task RunAsync(this ServiceFixture service, string database, string sql)
    {
        await using var connection = await service.OpenInAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public static Task<string> RoleAsync(this ServiceFixture service, string account) =>
        service.SystemScalarAsync<string>("SELECT role_name FROM kataven.credentials WHERE account_id = $1", account);

    public static Task<long> ConnectionsAsync(this ServiceFixture service, string role) =>
        service.SystemScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE usename = $1", role);

    public static Task<bool> DatabaseExistsAsync(this ServiceFixture service, string database) =>
        service.SystemScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database);

    public static Task<bool> RoleExistsAsync(this ServiceFixture service, string role) =>
        service.SystemScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role);

    public static Task<Reply> DeleteAsync(this ServiceFixture service, string account) =>
        service.AdminClient().CallAsync(HttpMethod.Delete, $"/api/admin/accounts/{account}?confirm={account}&backup=false");

    /// <summary>Has begun a statement that sleeps, and is seen to run it.</summary>
    public static async Task<Task<Reply>> BeginSleepAsync(this ServiceFixture service, string account)
    {
        var sleep = service.TryQueryAsync(account, "select pg_sleep(25)");
        await Testing.Eventually.Async(
            async () => await service.SystemScalarAsync<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND query LIKE '%pg_sleep%' AND state = 'active'", account) > 0,
            TimeSpan.FromSeconds(10),
            "the statement runs");
        return sleep;
    }
}
