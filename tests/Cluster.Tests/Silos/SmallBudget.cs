using Kataven.Accounts;

namespace Kataven.Cluster.Tests.Silos;

/// <summary>Two silos that may hold few connections, on a server of their own: those of other clusters would count against the budget.</summary>
public sealed class SmallBudget : IAsyncLifetime
{
    public const int Connections = 4;

    private readonly ClusterServer _server = new();
    private SiloCluster? _cluster;

    public SiloCluster Cluster => _cluster ?? throw new InvalidOperationException("The fixture has not been started.");

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _cluster = await SiloCluster.StartAsync(
            _server, 2, ("Kataven:Connections:Budget", $"{Connections}"), ("Kataven:Tenants:Limits:WaitTimeout", "00:01:00"));
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await _server.DisposeAsync();
    }

    public async Task<List<TestAccount>> AccountsAsync(int count, AccountLimits? limits = null)
    {
        var accounts = new List<TestAccount>();
        for (var i = 0; i < count; i++)
        {
            accounts.Add(await TestAccount.CreateAsync(Cluster, limits));
        }

        return accounts;
    }

    /// <summary>Connections that accounts have open, as PostgreSQL counts them.</summary>
    public Task<long> ConnectionsAsync() =>
        _server.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE usename IN (SELECT role_name FROM accounts)");
}
