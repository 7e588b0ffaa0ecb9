using Kataven.Testing.Service;
using Npgsql;

namespace Kataven.IsolationBench;

/// <summary>The whole service in this process, on a server of its own.</summary>
internal sealed class BenchService() : ServiceFixture(new DurableServer())
{
    public async Task ExecuteAsync(string database, params string[] statements)
    {
        await using var connection = await OpenInAsync(database);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 120 };
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>What the account's own role logs in with; not pooled.</summary>
    public async Task<string> LoginAsync(string account) => new NpgsqlConnectionStringBuilder(ConnectionString)
    {
        Database = account,
        Username = await SystemScalarAsync<string>("SELECT role_name FROM kataven.credentials WHERE account_id = $1", account),
        Password = await SystemScalarAsync<string>("SELECT password FROM kataven.credentials WHERE account_id = $1", account),
        Options = "-c statement_timeout=900000 -c idle_in_transaction_session_timeout=60000",
    }.ConnectionString;
}
