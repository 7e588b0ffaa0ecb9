using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace Kataven.Testing.Cluster;

/// <summary>
/// Clients that read and write at a steady rate through whichever front doors are ready, on connections that they keep, and remember
/// what they were told. Each write has a number of its own.
/// </summary>
public sealed class Traffic : IAsyncDisposable
{
    private readonly ReadyFronts _fronts;
    private readonly CancellationTokenSource _enough = new();
    private readonly TrafficClient[] _clients;
    private Task _running = Task.CompletedTask;

    private Traffic(RealCluster cluster, TrafficClient[] clients)
    {
        _fronts = new ReadyFronts(cluster.Fronts, TimeSpan.FromMilliseconds(100));
        _clients = clients;
    }

    /// <summary>Requests that were answered as they should be.</summary>
    public ConcurrentQueue<TrafficAnswer> Answered { get; } = new();

    /// <summary>What else was told, by whom.</summary>
    public ConcurrentQueue<TrafficFailure> Failures { get; } = new();

    public TimeSpan Slowest => Answered.Max(answer => answer.Took);

    /// <summary>The longest time in which a client of these accounts had no answer, though it asked.</summary>
    /// <param name="isMeant">By slug.</param>
    /// <param name="since">Answers from then on.</param>
    public TimeSpan LongestGap(Func<string, bool> isMeant, long since)
    {
        var longest = TimeSpan.Zero;
        foreach (var client in Answered.Where(answer => isMeant(answer.Account) && answer.EndedAt >= since).GroupBy(answer => answer.Client))
        {
            var last = since;
            foreach (var at in client.Select(answer => answer.EndedAt).Order())
            {
                (longest, last) = (Stopwatch.GetElapsedTime(last, at) is var gap && gap > longest ? gap : longest, at);
            }
        }

        return longest;
    }

    /// <summary>Makes the accounts, each with an empty table <c>entry</c>, and begins: half of the requests write.</summary>
    /// <param name="cluster">Where.</param>
    /// <param name="accounts">Their slugs.</param>
    /// <param name="clients">As many at least as accounts.</param>
    /// <param name="perSecond">Requests of all clients together.</param>
    public static async Task<Traffic> StartAsync(RealCluster cluster, IReadOnlyList<string> accounts, int clients, double perSecond)
    {
        foreach (var account in accounts)
        {
            await cluster.CreateAccountAsync(account);
            await cluster.Calls.QueryAsync(account, "CREATE TABLE entry (id bigint NOT NULL)");
            await cluster.Calls.QueryAsync(account, "CREATE INDEX ON entry (id)");
        }

        var every = TimeSpan.FromSeconds(clients / perSecond);
        var all = new TrafficClient[clients];
        for (var i = 0; i < clients; i++)
        {
            var account = accounts[i % accounts.Count];
            all[i] = new TrafficClient(i, account, await cluster.Calls.TokenAsync(account), every);
        }

        var traffic = new Traffic(cluster, all);
        await Eventually.Async(() => traffic._fronts.Count > 0, TimeSpan.FromSeconds(10), "a front door is ready");
        traffic._running = Task.WhenAll(all.Select(client => client.RunAsync(traffic._fronts, traffic.Answered, traffic.Failures, traffic._enough.Token)));
        return traffic;
    }

    /// <summary>Returns when so many more requests of each client were answered as they should be.</summary>
    /// <param name="each">Requests.</param>
    /// <param name="within">How long that may take.</param>
    public async Task MoreAsync(int each, TimeSpan within)
    {
        var goal = _clients.Select(client => client.Done + each).ToArray();
        try
        {
            await Eventually.Async(() => _clients.Zip(goal).All(pair => pair.First.Done >= pair.Second), within, "every client is answered");
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{string.Join('\n', Failures.TakeLast(10))}", exception);
        }
    }

    /// <summary>Sends nothing more, and returns when all is answered.</summary>
    public async Task EndAsync()
    {
        await _enough.CancelAsync();
        await _running;
    }

    /// <summary>Compares what was told with what is there.</summary>
    /// <param name="connectionString">Of a superuser of the accounts' server.</param>
    /// <returns>What is wrong; empty where nothing is.</returns>
    public async Task<List<string>> FindLossAsync(string connectionString)
    {
        var wrong = new List<string>();
        foreach (var account in _clients.GroupBy(client => client.Account))
        {
            var found = (await EntriesAsync(connectionString, account.Key)).CountBy(id => id).ToDictionary();
            var written = account.SelectMany(client => client.Written).ToHashSet();
            var unknown = account.SelectMany(client => client.Unknown).ToHashSet();
            wrong.AddRange(written.Where(id => !found.ContainsKey(id)).Select(id => $"{account.Key}: {id} was acknowledged and is not there"));
            wrong.AddRange(found.Where(entry => entry.Value > 1).Select(entry => $"{account.Key}: {entry.Key} is there {entry.Value} times"));
            wrong.AddRange(found.Keys.Where(id => !written.Contains(id) && !unknown.Contains(id)).Select(id => $"{account.Key}: {id} was refused and is there"));
        }

        return wrong;
    }

    public int Writes => _clients.Sum(client => client.Written.Count);

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _fronts.DisposeAsync();
        _enough.Dispose();
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }

    private static async Task<List<long>> EntriesAsync(string connectionString, string account)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Database = account, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT id FROM entry", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<long>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetInt64(0));
        }

        return ids;
    }
}
