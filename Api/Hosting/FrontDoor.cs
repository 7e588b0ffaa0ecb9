using Kataven.Api.Accounts;
using Kataven.Api.Audit;
using Kataven.Api.Authentication;
using Kataven.Api.Backups;
using Kataven.Api.Cluster;
using Kataven.Api.Draining;
using Kataven.Api.Errors;
using Kataven.Api.Health;
using Kataven.Api.Isolation;
using Kataven.Api.Migrations;
using Kataven.Api.Observability;
using Kataven.Api.OpenApi;
using Kataven.Api.Operations;
using Kataven.Api.Pools;
using Kataven.Api.Queries;
using Kataven.Api.Restores;
using Kataven.Api.Rollouts;
using Kataven.Api.Tenancy;
using Kataven.Api.Transactions;
using Kataven.Hosting;
using Kataven.Membership;
using Kataven.Observability;
using Kataven.Silo.Schema;
using Microsoft.Extensions.Options;

namespace Kataven.Api.Hosting;

/// <summary>The front door: what it is made of, in the order in which a request meets it.</summary>
public static class FrontDoor
{
    public static WebApplicationBuilder AddFrontDoor(this WebApplicationBuilder builder)
    {
        builder.AddHttpLimits();
        // A request is read on the thread that its bytes came to, and answered on the one that its answer came to: the hops between
        // threads that this saves cost more than that does. "Unsafe" it is for code that blocks its thread, and none here does.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.AddObservability();
        builder.Services.AddCallerActivity();
        builder.Services.AddKnownProxies();
        builder.Services.AddCrossOrigin();
        builder.Services.AddRouting();
        builder.Services.AddKatavenAuthentication();
        builder.Services.AddTenancy();
        builder.Services.AddSingleton<TenantClient>();
        builder.Services.AddSingleton<ShortWay>();
        builder.Services.AddSingleton<ClientRate>();
        builder.Services.AddDraining();
        return builder;
    }

    public static WebApplication MapFrontDoor(this WebApplication app)
    {
        app.UseDraining();
        app.UseKnownProxies();
        app.UseProblemDetails();
        app.UseCrossOrigin();
        app.Use((context, next) => app.Services.GetRequiredService<ShortWay>().InvokeAsync(context, next));
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseHttpLimits();
        app.UseTenancy();
        app.MapDevelopmentIssuer();
        app.MapQueries();
        app.MapTransactions();
        app.MapValidation();
        app.MapHealth();
        app.MapMetrics();
        var administration = app.MapGroup("/api/admin").ForAdministrators().WithAudit();
        administration.MapAccounts();
        administration.MapMigrations();
        administration.MapBackups();
        administration.MapRestores();
        administration.MapOperations();
        administration.MapRollouts();
        administration.MapPools();
        administration.MapIsolation();
        administration.MapCluster();
        administration.MapAudit();
        app.MapOpenApi();
        return app;
    }

    public static bool HasDevelopmentIssuer(this WebApplication app) =>
        app.Services.GetRequiredService<IOptions<AuthOptions>>().Value.UsesDevelopmentIssuer(app.Environment);

    /// <summary>As a member of the cluster that holds no account, or as a client from outside.</summary>
    public static WebApplicationBuilder JoinClusterAsFrontDoor(this WebApplicationBuilder builder)
    {
        builder.Services.AddClusterSettings();
        // Five seconds are left to leave the cluster.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(25));
        var settings = builder.Configuration.ReadSection<ClusterSettings>(ClusterSettings.Section);
        if (settings.Front == FrontKind.Client)
        {
            builder.Host.UseOrleansClient(client => client.JoinCluster(builder.Configuration));
        }
        else
        {
            builder.Host.UseOrleans(silo => silo.JoinCluster(builder.Configuration, isFront: true));
        }

        return builder;
    }

    /// <summary>A front door makes no schema: it waits for a silo to have made it.</summary>
    public static Task WaitForSystemDatabaseAsync(this WebApplication app, CancellationToken cancellation)
    {
        var settings = app.Configuration.ReadSection<ClusterSettings>(ClusterSettings.Section);
        return SchemaGate.WaitAsync(
            app.Configuration.SystemConnectionString(),
            ClusterMembership.SystemDatabaseName,
            settings.StartDeadline,
            TimeProvider.System,
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SchemaGate)),
            cancellation);
    }
}
