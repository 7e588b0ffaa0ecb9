using Kataven.Queries;
using Npgsql;

namespace Kataven.Cluster.Tests.Silos;

/// <summary>Holds an account's statements back until it is disposed of.</summary>
public sealed class TestLock : IAsyncDisposable
{
    /// <summary>A statement that ends when nobody holds the lock.</summary>
    public const string Wait = "SELECT count(*) FROM gate";

    private readonly NpgsqlConnection _connection;

    private TestLock(NpgsqlConnection connection) => _connection = connection;

    public static async Task<TestLock> TakeAsync(ClusterServer server, TestAccount account)
    {
        await account.DoneAsync("CREATE TABLE gate (id int)");
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Database = account.Id.Value,
        }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE gate IN ACCESS EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync();
        return new TestLock(connection);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
