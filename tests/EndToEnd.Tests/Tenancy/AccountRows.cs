using Kataven.Testing.Service;
using Npgsql;

namespace Kataven.EndToEnd.Tests.Tenancy;

/// <summary>Changes of <c>accounts</c> by somebody who knows nothing of the service.</summary>
internal static class AccountRows
{
    public static Task SetStatusAsync(ServiceFixture service, string account, string status) =>
        ExecuteAsync(service, "update accounts set status = $2 where account_id = $1", account, status);

    public static Task InsertAsync(ServiceFixture service, string account) =>
        ExecuteAsync(service, "insert into accounts (account_id, account_name, database_name, status) values ($1, 'By hand', $1, 'active')", account);

    /// <summary>Connections that PostgreSQL has open for the account's role.</summary>
    public static Task<long> ConnectionsAsync(ServiceFixture service, string account) => service.SystemScalarAsync<long>(
        "select count(*) from pg_stat_activity where datname = $1 and backend_type = 'client backend'", account);

    public static async Task ExecuteAsync(ServiceFixture service, string sql, params string[] parameters)
    {
        await using var connection = await service.OpenSystemAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        await command.ExecuteNonQueryAsync();
    }
}
