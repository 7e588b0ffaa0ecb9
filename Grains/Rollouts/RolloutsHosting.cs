using Kataven.Grains.Housekeeping;
using Kataven.Grains.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kataven.Grains.Rollouts;

/// <summary>What brings all accounts to a version.</summary>
internal static class RolloutsHosting
{
    public static IServiceCollection AddRollouts(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new RolloutTargets([.. provider.GetRequiredService<MigrationScripts>().All.Select(script => script.Version)]));
        services.AddSingleton<RolloutTable>();
        services.AddSingleton<RolloutMigration>();
        services.AddSingleton<IHousekeeping, RolloutRetention>();
        return services;
    }
}
