using System.Collections.Concurrent;

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

    /// <summary>How long each request that was answered as it should be took, and when it began.</summary>
    public ConcurrentQueue<(long At, TimeSpan Took)> Answered { get; } = new();

    /// <summary>What else was told, by whom.</summary>
    public ConcurrentQueue<TrafficFailure> Failures { get; } = new();

    public TimeSpan Slowest => Answered.Max(answer => answer.Took);

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

    /// <summary>Returns when so many more requests of each client were answered.</summary>
    public async Task MoreAsync(int each)
    {
        var goal = _clients.Select(client => client.Done + each).ToArray();
        await Eventually.Async(() => _clients.Zip(goal).All(pair => pair.First.Done >= pair.Second), TimeSpan.FromSeconds(60), "requests are answered");
    }

    /// <summary>Sends nothing more, and returns when all is answered.</summary>
    public async Task EndAsync()
    {
        await _enough.CancelAsync();
        await _running;
    }

    /// <summary>Compares what was told with what is there.</summary>
    /// <param name="read">The numbers that an account's table has.</param>
    /// <returns>What is wrong; empty where nothing is.</returns>
    public async Task<List<string>> FindLossAsync(Func<string, Task<IReadOnlyCollection<long>>> read)
    {
        var wrong = new List<string>();
        foreach (var account in _clients.GroupBy(client => client.Account))
        {
            var found = (await read(account.Key)).CountBy(id => id).ToDictionary();
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
}
