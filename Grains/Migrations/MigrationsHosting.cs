using Kataven.Grains.Housekeeping;
using Kataven.Grains.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Migrations;

/// <summary>What a silo needs to migrate accounts.</summary>
internal static class MigrationsHosting
{
    public static IServiceCollection AddMigrations(this IServiceCollection services)
    {
        services.AddOptions<MigrationOptions>().BindConfiguration(MigrationOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MigrationOptions>, MigrationOptionsValidator>();
        services.AddSingleton<IValidateOptions<MigrationOptions>, MigrationScriptsValidator>();
        services.AddSingleton<MigrationScripts>();
        services.AddSingleton<MigrationSessions>();
        services.AddSingleton<MigrationSettlement>();
        services.AddSingleton<TransactionRun>();
        services.AddSingleton<StatementwiseRun>();
        services.AddSingleton<MigrationRunner>();
        services.AddSingleton<MigratedTemplate>();
        services.AddSingleton<SchemaDrift>();
        services.AddSingleton<AccountStateTable>();
        services.AddSingleton<BaselineMigrations>();
        services.AddSingleton<IOperationWork, MigrationWork>();
        services.AddSingleton<IHousekeeping, MigratedTemplateSweep>();
        return services;
    }
}
