using Kataven.Testing;
using Npgsql;

namespace Kataven.Postgres.Embedded.Tests;

/// <summary>What every class here does with a server.</summary>
internal static class EmbeddedServer
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A folder of its own that survives the server, so that a second one can be started on it.</summary>
    public static EmbeddedPostgresOptions OptionsOn(TemporaryFolder folder) =>
        ThrowawayServer.Options(maxConnections: 10) with { DataDirectory = folder.Path, DeleteOnDispose = false, Log = null };

    public static Task<EmbeddedPostgres> StartAsync(TemporaryFolder folder) => EmbeddedPostgres.StartAsync(OptionsOn(folder), Cancellation);

    public static async Task<string> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync(Cancellation))?.ToString() ?? "";
    }
}
