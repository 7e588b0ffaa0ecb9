using System.Net;
using Kataven.Silo.Tests.Schema;
using Kataven.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Kataven.Silo.Tests.Clustering;

/// <summary>Two silos joined through one system database: membership, grain state and reminders are in it.</summary>
public sealed class TwoSilos(PostgresFixture postgres) : IAsyncLifetime
{
    public const string ClusterId = "test";
    public const string DeletingStore = "deleting";

    private readonly List<IHost> _hosts = [];
    private SystemDatabase? _database;
    private NpgsqlDataSource? _dataSource;

    public IServiceProvider First => _hosts[0].Services;

    public IServiceProvider Second => _hosts[1].Services;

    public IGrainFactory Grains => First.GetRequiredService<IGrainFactory>();

    internal SystemDatabase Database => _database ?? throw new InvalidOperationException("The fixture has not been started.");

    public async ValueTask InitializeAsync()
    {
        _database = await SystemDatabase.CreateAsync(postgres.ConnectionString);
        _dataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_database.ConnectionString)
        {
            // The providers ask for OrleansQuery by its bare name.
            SearchPath = "orleans",
            Pooling = true,
            MaxPoolSize = 5,
        });
        await StartAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        if (_dataSource is not null)
            await _dataSource.DisposeAsync();
        await Database.DisposeAsync();
    }

    public async Task<IHost> StartAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (ClusterId, ClusterId))
            .ConfigureEndpoints(IPAddress.Loopback, FreePort.Take(), FreePort.Take())
            .UseAdoNetClustering(options => (options.Invariant, options.DataSource) = ("Npgsql", _dataSource))
            .AddAdoNetGrainStorageAsDefault(options => (options.Invariant, options.DataSource) = ("Npgsql", _dataSource))
            .AddAdoNetGrainStorage(DeletingStore, options =>
                (options.Invariant, options.DataSource, options.DeleteStateOnClear) = ("Npgsql", _dataSource, true))
            .UseAdoNetReminderService(options => (options.Invariant, options.DataSource) = ("Npgsql", _dataSource)));
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
        return host;
    }

    public async Task StopAsync(IHost host)
    {
        await host.StopAsync();
        _hosts.Remove(host);
        host.Dispose();
    }

    public static SiloAddress AddressOf(IServiceProvider silo) => silo.GetRequiredService<ILocalSiloDetails>().SiloAddress;
}
