using System.Diagnostics;
using System.Net.Http.Json;
using Npgsql;

namespace Kataven.IsolationBench;

/// <summary>One row by its key, from an account's database as it is closed, and from one that is not: reads a second.</summary>
internal sealed class PointReads(BenchService service)
{
    private const int Rows = 10_000;
    private const int Clients = 2;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    private string _closed = "";
    private string _open = "";

    public async Task PrepareAsync()
    {
        (_closed, _open) = (await service.NewAccountAsync("closed"), await service.NewAccountAsync("open"));
        await OpenUpAsync(_open);
        foreach (var account in (string[])[_closed, _open])
        {
            await service.QueryAsync(account, "CREATE TABLE item (id int PRIMARY KEY, name text)");
            await service.QueryAsync(account, $"INSERT INTO item SELECT g, 'item ' || g FROM generate_series(1, {Rows}) g");
            await service.ExecuteAsync(account, "VACUUM ANALYZE public.item");
        }
    }

    public async Task<Comparison> ThroughTheServiceAsync(int repeats) =>
        await Comparison.OfAsync("/s", repeats, _ => AskAsync(_closed), _ => AskAsync(_open));

    public async Task<Comparison> InPostgresAsync(int repeats)
    {
        var (closed, open) = (await ConnectAsync(_closed), await ConnectAsync(_open));
        try
        {
            return await Comparison.OfAsync("/s", repeats, _ => ReadAsync(closed), _ => ReadAsync(open));
        }
        finally
        {
            foreach (var connection in closed.Concat(open))
            {
                await connection.DisposeAsync();
            }
        }
    }

    /// <summary>A database of the same name that nothing was done to but for the stamp, without which it would not be served.</summary>
    private async Task OpenUpAsync(string account)
    {
        var stamp = await StampAsync(account);
        await service.ExecuteAsync("postgres", $"DROP DATABASE \"{account}\" WITH (FORCE)", $"CREATE DATABASE \"{account}\" TEMPLATE template1");
        var role = await service.SystemScalarAsync<string>("SELECT role_name FROM kataven.credentials WHERE account_id = $1", account);
        await service.ExecuteAsync(
            account,
            $"GRANT CONNECT, TEMPORARY, CREATE ON DATABASE \"{account}\" TO {role}",
            $"ALTER SCHEMA public OWNER TO {role}",
            "CREATE SCHEMA _kataven",
            "CREATE TABLE _kataven.identity (account_uid uuid, isolation_version integer, server_major integer)",
            "GRANT USAGE ON SCHEMA _kataven TO PUBLIC",
            "GRANT SELECT ON _kataven.identity TO PUBLIC",
            $"INSERT INTO _kataven.identity VALUES {stamp}");
    }

    private async Task<string> StampAsync(string account)
    {
        await using var connection = await service.OpenInAsync(account);
        await using var command = new NpgsqlCommand("SELECT format('(%L, %s, %s)', account_uid, isolation_version, server_major) FROM _kataven.identity", connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private async Task<List<NpgsqlConnection>> ConnectAsync(string account)
    {
        var login = await service.LoginAsync(account);
        var connections = new List<NpgsqlConnection>();
        for (var i = 0; i < Clients; i++)
        {
            connections.Add(new NpgsqlConnection(login));
            await connections[i].OpenAsync();
        }

        return connections;
    }

    private static async Task<double> ReadAsync(List<NpgsqlConnection> connections)
    {
        var counts = await Task.WhenAll(connections.Select(async connection =>
        {
            await using var command = new NpgsqlCommand("SELECT name FROM public.item WHERE id = $1", connection);
            var id = new NpgsqlParameter<int>();
            command.Parameters.Add(id);
            return await CountAsync(async () =>
            {
                id.TypedValue = Random.Shared.Next(1, Rows + 1);
                await command.ExecuteScalarAsync();
            });
        }));
        return counts.Sum();
    }

    private async Task<double> AskAsync(string account)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => CountAsync(async () =>
        {
            using var response = await service.Client(account).PostAsJsonAsync(
                "/api/query", new { sql = "SELECT name FROM item WHERE id = $1", @params = new[] { Random.Shared.Next(1, Rows + 1) } });
            response.EnsureSuccessStatusCode();
        })));
        return counts.Sum();
    }

    /// <summary>How often a second.</summary>
    private static async Task<double> CountAsync(Func<Task> read)
    {
        var (begun, count) = (Stopwatch.GetTimestamp(), 0);
        while (Stopwatch.GetElapsedTime(begun) < Turn)
        {
            await read();
            count++;
        }

        return count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}
