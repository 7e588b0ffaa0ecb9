using System.Diagnostics;
using Kataven.Postgres.Embedded;
using Kataven.Testing;
using Npgsql;

namespace Kataven.Processes.Tests;

/// <summary>A server that a test may crash: what it has acknowledged is there after that, as long as the machine does not crash.</summary>
public sealed class OwnServer : PrivatePostgresFixture
{
    protected override EmbeddedPostgresOptions Options => base.Options with
    {
        FastUnsafe = false,
        Settings = new Dictionary<string, string>(base.Options.Settings) { ["fsync"] = "off" },
    };

    /// <summary>As <c>pg_ctl stop</c> does with <c>--mode=fast</c> or <c>--mode=immediate</c>: the latter is a crash.</summary>
    public async Task StopAsync(bool immediate)
    {
        if (immediate)
        {
            using var quit = Process.Start("kill", ["-QUIT", $"{Server.Pid}"]);
            await quit.WaitForExitAsync();
        }

        await Server.StopAsync();
    }

    /// <summary>How many rows a query finds.</summary>
    public async Task<long> CountAsync(string query)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM ({query}) found", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
