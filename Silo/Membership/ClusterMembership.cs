using System.Net;
using System.Net.Sockets;
using Kataven.Cluster;
using Kataven.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;

namespace Kataven.Membership;

/// <summary>
/// How a process joins the cluster through the system database. Silos and front doors are wired alike: a directory,
/// a reminder ring or a failure detector that one of them lacked would fail the others.
/// </summary>
internal static class ClusterMembership
{
    public const string SystemDatabaseName = "system";

    public const string Invariant = "Npgsql";

    /// <summary>The connection string that everything starts from; empty where it is not set, which the check of the settings tells.</summary>
    public static string SystemConnectionString(this IConfiguration configuration) => configuration.GetConnectionString("System") ?? "";

    public static IServiceCollection AddClusterSettings(this IServiceCollection services)
    {
        SettingCheck.Add(services);
        services.AddOptions<SystemConnection>().BindConfiguration(SystemConnection.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SystemConnection>, SystemConnection>();
        services.AddOptions<ClusterSettings>().BindConfiguration(ClusterSettings.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SiloSettings>().BindConfiguration(SiloSettings.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<FailureDetectionSettings>().BindConfiguration(FailureDetectionSettings.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<FailureDetectionSettings>, FailureDetectionSettingsValidator>();
        services.AddOptions<TlsSettings>().BindConfiguration(TlsSettings.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TlsSettings>, TlsSettingsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }

    /// <param name="silo">The member.</param>
    /// <param name="configuration">Has the sections <c>Kataven:Cluster</c> and <c>Kataven:Silo</c>.</param>
    /// <param name="isFront">True for a front door, which takes a free port and opens no gateway.</param>
    public static ISiloBuilder JoinCluster(this ISiloBuilder silo, IConfiguration configuration, bool isFront)
    {
        var settings = configuration.ReadSection<SiloSettings>(SiloSettings.Section);
        silo.Services.AddSingleton(_ => new MembershipDataSource(DataSource(configuration.SystemConnectionString())));
        silo.UseAdoNetClustering(options => options.Configure<MembershipDataSource>((clustering, source) =>
            (clustering.Invariant, clustering.DataSource) = (Invariant, source.DataSource)));
        // Also where no grain has a reminder: the ring of reminders is divided over every member.
        silo.UseAdoNetReminderService(options => options.Configure<MembershipDataSource>((reminders, source) =>
            (reminders.Invariant, reminders.DataSource) = (Invariant, source.DataSource)));
#pragma warning disable ORLEANSEXP003 // With the default directory a member that leaves tears down tenants elsewhere.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        Identify(silo.Services, configuration);
        Listen(silo, settings, isFront);
        silo.UseMemberTls(configuration);
        DetectFailures(silo.Services, configuration);
        silo.Services.AddHostedService<MembershipNotice>();
        silo.Configure<SiloMessagingOptions>(options => options.CancelRequestOnTimeout = true);
        silo.AddActivityPropagation();
        return silo;
    }

    public static IClientBuilder JoinCluster(this IClientBuilder client, IConfiguration configuration)
    {
        client.Services.AddSingleton(_ => new MembershipDataSource(DataSource(configuration.SystemConnectionString())));
        client.UseAdoNetClustering(options => options.Configure<MembershipDataSource>((clustering, source) =>
            (clustering.Invariant, clustering.DataSource) = (Invariant, source.DataSource)));
        Identify(client.Services, configuration);
        client.UseMemberTls(configuration);
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
        client.Configure<ClientMessagingOptions>(options => options.CancelRequestOnTimeout = true);
        client.AddActivityPropagation();
        WaitForGateways(client, configuration);
        return client;
    }

    /// <summary>Without it a client that starts before the first silo fails its start.</summary>
    private static void WaitForGateways(IClientBuilder client, IConfiguration configuration)
    {
        var settings = configuration.ReadSection<ClusterSettings>(ClusterSettings.Section);
        var begun = TimeProvider.System.GetTimestamp();
        client.UseConnectionRetryFilter(async (_, cancellation) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellation);
            return TimeProvider.System.GetElapsedTime(begun) < settings.StartDeadline;
        });
    }

    private static NpgsqlDataSource DataSource(string connectionString) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
    {
        Database = SystemDatabaseName,
        // The providers ask for their queries' table by its bare name.
        SearchPath = "orleans",
        ApplicationName = "kataven-orleans",
        Pooling = true,
        MaxPoolSize = 2,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.WithKeepAlive());

    private static void Identify(IServiceCollection services, IConfiguration configuration)
    {
        var settings = configuration.ReadSection<ClusterSettings>(ClusterSettings.Section);
        services.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId));
    }

    private static void Listen(ISiloBuilder silo, SiloSettings settings, bool isFront)
    {
        var address = AddressOf(settings.AdvertisedAddress);
        var siloPort = settings.SiloPort ?? (isFront ? 0 : EndpointOptions.DEFAULT_SILO_PORT);
        if (siloPort == 0)
        {
            var held = new HeldPort(address);
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(_ => held);
            siloPort = held.Number;
        }

        var gatewayPort = settings.GatewayPort ?? (isFront ? 0 : EndpointOptions.DEFAULT_GATEWAY_PORT);
        // Whoever reaches a port reaches every account: of several networks only the one that the others are told has it.
        silo.ConfigureEndpoints(address, siloPort, gatewayPort, listenOnAnyHostAddress: !IsOwn(address));
        silo.Configure<SiloOptions>(options => options.SiloName = settings.Name ?? $"{Environment.MachineName}-{siloPort}");
    }

    private static void DetectFailures(IServiceCollection services, IConfiguration configuration)
    {
        var detection = new FailureDetection(configuration.ReadSection<FailureDetectionSettings>(FailureDetectionSettings.Section));
        services.Configure<ClusterMembershipOptions>(detection.Apply);
        services.Configure<GrainDirectoryOptions>(detection.Apply);
    }

    private static IPAddress AddressOf(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return address;
        }

        try
        {
            return Array.Find(Dns.GetHostAddresses(text), candidate => candidate.AddressFamily == AddressFamily.InterNetwork)
                ?? throw new SettingsException([$"Kataven:Silo:AdvertisedAddress is \"{text}\", which has no IPv4 address."]);
        }
        catch (SocketException)
        {
            throw new SettingsException([$"Kataven:Silo:AdvertisedAddress is \"{text}\", which is no address, and no name of one."]);
        }
    }

    /// <summary>A router's address, behind which this machine stands, cannot be listened on.</summary>
    private static bool IsOwn(IPAddress address)
    {
        try
        {
            using var port = new HeldPort(address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
