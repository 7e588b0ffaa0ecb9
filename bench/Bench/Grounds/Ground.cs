using Kataven.Postgres.Embedded;
using Npgsql;

namespace Kataven.Bench.Grounds;

/// <summary>What contenders stand on: a PostgreSQL server of their own, with the accounts' databases.</summary>
internal sealed class Ground : IAsyncDisposable
{
    /// <summary>The same for all. Nothing is left to times that nobody chose: no autovacuum and no checkpoint in the middle of a turn.</summary>
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["shared_buffers"] = "512MB",
        ["autovacuum"] = "off",
        ["checkpoint_timeout"] = "1h",
        ["max_wal_size"] = "8GB",
    };

    private Ground(EmbeddedPostgres server, GroundNeeds needs, Addresses addresses) => (Server, Needs, Addresses, Fleet) = (server, needs, addresses, new Fleet(this));

    public EmbeddedPostgres Server { get; }

    public GroundNeeds Needs { get; }

    public Addresses Addresses { get; }

    public Fleet Fleet { get; }

    public static async Task<Ground> StartAsync(GroundNeeds needs, BenchOptions options, Addresses addresses, CancellationToken cancellation)
    {
        var wanted = new EmbeddedPostgresOptions
        {
            DataDirectory = needs.Throwaway ? options.DataDirectory + "-throwaway" : options.DataDirectory,
            DeleteOnDispose = needs.Throwaway,
            MaxConnections = needs.MaxConnections,
            Settings = Settings,
            Log = Console.WriteLine,
        };
        if (needs.Throwaway && Directory.Exists(wanted.DataDirectory))
        {
            // What a run left that was killed: whoever starts a server on it may delete it.
            await EndAsync(await EmbeddedPostgres.StartAsync(wanted, cancellation), isThrowaway: true);
        }

        var server = await EmbeddedPostgres.StartAsync(wanted, cancellation);
        var ground = new Ground(server, needs, addresses);
        try
        {
            await ground.Fleet.ProvisionAsync(needs.Accounts, cancellation);
            return ground;
        }
        catch
        {
            await ground.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The superuser's, to a database, under a name by which its connections are counted. The benchmark's own, which has none,
    /// keep no pools: what is left of one would fail on the server's next start.
    /// </summary>
    public NpgsqlConnectionStringBuilder ConnectionTo(string database, string contender) =>
        new(Server.ConnectionString) { Database = database, ApplicationName = "bench-" + contender, Pooling = contender.Length > 0 };

    public async Task ExecuteAsync(string database, string sql, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(ConnectionTo(database, "").ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 900 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async ValueTask DisposeAsync() => await EndAsync(Server, Needs.Throwaway);

    private static async Task EndAsync(EmbeddedPostgres server, bool isThrowaway)
    {
        if (isThrowaway)
        {
            await server.StopAsync();
            // A database is 300 files. One after the other, a thousand of them take a quarter of an hour on a disk that is told of each.
            var databases = new DirectoryInfo(Path.Combine(server.DataDirectory, "cluster", "base"));
            Parallel.ForEach(databases.Exists ? databases.EnumerateDirectories() : [], new ParallelOptions { MaxDegreeOfParallelism = 8 }, database => database.Delete(recursive: true));
        }

        await server.DisposeAsync();
    }
}
