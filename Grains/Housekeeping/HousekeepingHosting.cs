using Kataven.Grains.Audit;
using Kataven.Grains.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Kataven.Grains.Housekeeping;

/// <summary>What tidies up. Each <see cref="IHousekeeping"/> is added where its feature is.</summary>
internal static class HousekeepingHosting
{
    public static IServiceCollection AddHousekeeping(this IServiceCollection services)
    {
        services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<BatchedDeletion>();
        services.AddSingleton<IHousekeeping, AuditRetention>();
        services.AddSingleton<IHousekeeping, OperationRetention>();
        services.AddHostedService<HousekeepingStart>();
        return services;
    }
}
