using Kataven.Accounts;
using Kataven.Grains;
using Kataven.Grains.Tenants;
using Kataven.Tenants;
using Kataven.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Core.Internal;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Orleans.TestingHost;

namespace Kataven.Cluster.Tests.Silos;

/// <summary>Silos of one cluster in this process, on a real server.</summary>
public sealed class SiloCluster : IAsyncDisposable
{
    /// <summary>A setting of this cluster's alone.</summary>
    public const string ShutdownTimeout = "Test:ShutdownTimeout";

    /// <summary>A silo that does not come to its end is a failure of the test's, and not a run without one.</summary>
    private static readonly TimeSpan EndsWithin = Promised.Within(seconds: 60);

    private readonly InProcessTestCluster _cluster;

    private SiloCluster(ClusterServer server, InProcessTestCluster cluster) => (Server, _cluster) = (server, cluster);

    public ClusterServer Server { get; }

    public int Count => _cluster.Silos.Count;

    /// <param name="server">Where its accounts are.</param>
    /// <param name="silos">How many silos.</param>
    /// <param name="settings">Configuration beyond the defaults.</param>
    public static Task<SiloCluster> StartAsync(ClusterServer server, int silos, params (string Key, string Value)[] settings) =>
        StartAsync(server, silos, _ => { }, settings);

    /// <param name="server">Where its accounts are.</param>
    /// <param name="silos">How many silos.</param>
    /// <param name="configure">What each of them has beyond what every silo has.</param>
    /// <param name="settings">Configuration beyond the defaults.</param>
    public static async Task<SiloCluster> StartAsync(ClusterServer server, int silos, Action<ISiloBuilder> configure, params (string Key, string Value)[] settings)
    {
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.Options.ConfigureFileLogging = false;
        builder.Options.UseDistributedGrainDirectory = true;
        builder.Options.InitializeClientOnDeploy = false;
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
            // Bound late, since the test host has its own mind about it.
            host.Services.AddOptions<HostOptions>().PostConfigure<IConfiguration>((options, configuration) =>
                options.ShutdownTimeout = configuration.GetValue(ShutdownTimeout, options.ShutdownTimeout));
            host.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Error);
        });
        builder.ConfigureSilo((_, silo) => configure(silo
            .AddAdoNetGrainStorageAsDefault(options => (options.Invariant, options.ConnectionString) = ("Npgsql", server.OrleansConnectionString))
            .UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = ("Npgsql", server.OrleansConnectionString))
            .AddKatavenGrains(server.ServiceConnectionString, ClusterServer.SystemDatabaseName)
            .Configure<GrainDirectoryOptions>(options => options.RangeLeaseDuration = TimeSpan.Zero)));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new SiloCluster(server, cluster);
    }

    public async ValueTask DisposeAsync()
    {
        // Nobody is left whose requests could be handed over.
        await Task.WhenAll(_cluster.Silos.ToArray().Select(_cluster.KillSiloAsync)).WaitAsync(EndsWithin);
        await _cluster.DisposeAsync().AsTask().WaitAsync(EndsWithin);
    }

    /// <summary>The grains as silo number <paramref name="silo"/> calls them.</summary>
    public IGrainFactory From(int silo) => Services(silo).GetRequiredService<IGrainFactory>();

    public IServiceProvider Services(int silo) => _cluster.Silos[silo % Count].ServiceProvider;

    /// <summary>Stops a silo in an orderly way, as SIGTERM does.</summary>
    public Task StopAsync(int silo) => _cluster.StopSiloAsync(_cluster.Silos[silo]);

    /// <summary>Ends a silo as a crash does, except that its connections stay open, as those of a host that froze do.</summary>
    public Task KillAsync(int silo) => _cluster.KillSiloAsync(_cluster.Silos[silo]);

    public async Task<int> StartAnotherAsync()
    {
        await _cluster.StartAdditionalSiloAsync();
        return Count - 1;
    }

    /// <summary>True when the silo has told the others that it goes.</summary>
    public static bool IsLeaving(IServiceProvider silo) => silo.GetRequiredService<ISiloStatusOracle>().CurrentStatus == SiloStatus.ShuttingDown;

    /// <summary>Has the account's activation move to that silo.</summary>
    public async Task MoveAsync(TestAccount account, int silo)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, Services(silo).GetRequiredService<ILocalSiloDetails>().SiloAddress);
        await account.Tenant(silo).Cast<IGrainManagementExtension>().MigrateOnIdle();
        RequestContext.Clear();
    }

    /// <summary>What all silos' pools publish, those that are closing too.</summary>
    public IReadOnlyList<(int Silo, PoolReport Pool)> Pools() =>
        [.. Enumerable.Range(0, Count).SelectMany(silo =>
            Services(silo).GetRequiredService<TenantPools>().Report($"{silo}").Select(pool => (silo, pool)))];

    public IReadOnlyList<(int Silo, PoolReport Pool)> Pools(AccountId account) => [.. Pools().Where(pool => pool.Pool.Account == account)];
}
