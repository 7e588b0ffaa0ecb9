using Kataven.Grains;
using Kataven.Hosting;
using Kataven.Membership;
using Kataven.Silo.Schema;
using Orleans.Configuration;

namespace Kataven.Silo;

/// <summary>A silo: it holds accounts, and brings the system database's schema up to date before it joins.</summary>
public static class SiloHosting
{
    public static TBuilder AddKatavenSilo<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddClusterSettings();
        builder.UseOrleans(silo => silo
            .JoinCluster(builder.Configuration, isFront: false)
            .AddAdoNetGrainStorageAsDefault(options => options.Configure<MembershipDataSource>((storage, source) =>
                (storage.Invariant, storage.DataSource) = (ClusterMembership.Invariant, source.DataSource)))
            .AddKatavenGrains(builder.Configuration.SystemConnectionString(), ClusterMembership.SystemDatabaseName)
            .Configure<GrainCollectionOptions>(options => options.CollectionQuantum = TimeSpan.FromSeconds(30)));
        // What runs may end: a request has its time limit, and is cancelled when the account moves.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(30));
        return builder;
    }

    /// <summary>
    /// Where this process is the whole cluster, whatever else stands in the membership table died without a word. A start
    /// would wait for it to be declared dead.
    /// </summary>
    public static async Task ForgetFormerMembersAsync(this IHost host, CancellationToken cancellation)
    {
        var source = host.Services.GetRequiredService<MembershipDataSource>().DataSource;
        await using var command = source.CreateCommand("DELETE FROM orleans.OrleansMembershipTable");
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Before anything joins: Orleans reads its queries from the schema when it starts.</summary>
    public static Task EnsureSystemDatabaseAsync(this IHost host, CancellationToken cancellation)
    {
        var configuration = host.Services.GetRequiredService<IConfiguration>();
        var settings = configuration.ReadSection<ClusterSettings>(ClusterSettings.Section);
        return SystemSchema.EnsureAsync(
            configuration.SystemConnectionString(),
            new SystemSchemaOptions { DatabaseName = ClusterMembership.SystemDatabaseName, StartDeadline = settings.StartDeadline },
            host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SystemSchema)),
            cancellation);
    }
}
