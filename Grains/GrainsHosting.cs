using Kataven.Grains.Accounts;
using Kataven.Grains.Audit;
using Kataven.Grains.Backups;
using Kataven.Grains.Cluster;
using Kataven.Grains.Connections;
using Kataven.Grains.Connections.Budget;
using Kataven.Grains.Housekeeping;
using Kataven.Grains.Idempotency;
using Kataven.Grains.Isolation;
using Kataven.Grains.Migrations;
using Kataven.Grains.Observability;
using Kataven.Grains.Operations;
using Kataven.Grains.Placement;
using Kataven.Grains.Restores;
using Kataven.Grains.Rollouts;
using Kataven.Grains.Tenants;
using Kataven.Grains.Transactions;
using Kataven.Observability;
using Kataven.Tenants;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;

namespace Kataven.Grains;

/// <summary>What a silo needs to hold accounts.</summary>
public static class GrainsHosting
{
    /// <param name="silo">The silo.</param>
    /// <param name="connectionString"><c>ConnectionStrings:System</c>.</param>
    /// <param name="systemDatabase">The system database's name.</param>
    public static ISiloBuilder AddKatavenGrains(this ISiloBuilder silo, string connectionString, string systemDatabase)
    {
        var services = silo.Services;
        services.AddOptions<TenantOptions>().BindConfiguration(TenantOptions.Section).ValidateOnStart();
        services.AddOptions<TransactionOptions>().BindConfiguration(TransactionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<Connections.ConnectionOptions>().BindConfiguration(Connections.ConnectionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Microsoft.Extensions.Options.IValidateOptions<TenantOptions>, TenantOptionsValidator>();
        services.AddOptions<IdempotencyOptions>().BindConfiguration(IdempotencyOptions.Section).ValidateOnStart();
        services.AddSingleton<Microsoft.Extensions.Options.IValidateOptions<IdempotencyOptions>, IdempotencyOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new SystemDatabase(connectionString, systemDatabase));
        services.AddOptions<SecretOptions>().BindConfiguration(SecretOptions.Section)
            .Configure<IConfiguration>(ReadFormerKeys).ValidateOnStart();
        services.AddSingleton<Microsoft.Extensions.Options.IValidateOptions<SecretOptions>, SecretOptionsValidator>();
        services.AddSingleton<SecretBox>();
        services.AddSingleton<TemplateDatabase>();
        services.AddSingleton<DatabaseSeal>();
        services.AddSingleton<AccountAudit>();
        services.AddSingleton<ServerAudit>();
        services.AddSingleton<IsolationAlarm>();
        services.AddSingleton<AuditLog>();
        services.AddHostedService<IsolationNotice>();
        services.AddBackups();
        services.AddAccounts();
        services.AddMigrations();
        services.AddSingleton<LaneOpenings>();
        services.AddSingleton<TenantPools>();
        services.AddSingleton<LocalTenants>();
        services.AddSingleton<FirstUseMigration>();
        services.AddSingleton<ILocalTenants>(provider => provider.GetRequiredService<LocalTenants>());
        services.AddOperations();
        services.AddRestores();
        services.AddRollouts();
        services.AddHousekeeping();
        services.AddOptions<TenantDrainOptions>().BindConfiguration(TenantDrainOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TenantDrain>();
        services.AddHostedService(provider => provider.GetRequiredService<TenantDrain>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<TenantDrain>());
        silo.Configure<SiloMessagingOptions>(options => options.WaitForMessageToBeQueuedForOutboundTime = TenantDrain.HandOver);
        services.AddSingleton<LoadMeter>();
        services.AddOptions<PlacementOptions>().BindConfiguration(PlacementOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHostedService<PlacementLoop>();
        services.AddSingleton<IAccountActivitySource, TenantActivity>();
        services.AddHostedService<SiloGauges>();
        services.AddSingleton<BudgetSize>();
        services.AddSingleton<OrphanCount>();
        services.AddSingleton<AbandonedProcesses>();
        services.AddSingleton<ConnectionSlots>();
        services.AddSingleton<SiloPulse>();
        services.AddHostedService<SiloPulseLoop>();
        services.AddSingleton<ILeases, GrainLeases>();
        services.AddSingleton<LeaseLoop>();
        services.AddSingleton<LeaseClient>();
        services.AddSingleton<TenantSilos>();
        services.AddSingleton<LostSilos>();
        silo.AddGrainService<LeaseService>();
        services.AddSingleton<PoolReportClient>();
        silo.AddGrainService<PoolReportService>();
        silo.AddIncomingGrainCallFilter<DatabaseFailureFilter>();
        silo.AddIncomingGrainCallFilter<WokenSiloFilter>();
        services.AddOptions<GrainCollectionOptions>().Configure<Microsoft.Extensions.Options.IOptions<TenantOptions>>(KeepTenants);
        return silo;
    }

    /// <summary>A list may be one text with commas, which is easier to write into an environment variable.</summary>
    private static void ReadFormerKeys(SecretOptions options, IConfiguration configuration)
    {
        if (configuration[$"{SecretOptions.Section}:{nameof(SecretOptions.FormerKeys)}"] is { Length: > 0 } text)
        {
            options.FormerKeys = text.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
    }

    /// <summary>Orleans' own collection is the backstop of the pool's clock, and must never come before it.</summary>
    private static void KeepTenants(GrainCollectionOptions collection, Microsoft.Extensions.Options.IOptions<TenantOptions> tenants) =>
        collection.ClassSpecificCollectionAge[typeof(TenantGrain).FullName!] =
            TimeSpan.FromTicks(Math.Max(2 * tenants.Value.IdleAfter.Ticks, TimeSpan.FromHours(1).Ticks));
}
