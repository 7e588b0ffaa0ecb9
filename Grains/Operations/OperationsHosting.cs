using Microsoft.Extensions.DependencyInjection;

namespace Kataven.Grains.Operations;

/// <summary>What works on operations. Each kind's work is added where that kind is.</summary>
internal static class OperationsHosting
{
    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.AddSingleton<OperationTable>();
        services.AddSingleton<AccountHolds>();
        services.AddSingleton<AccountOperations>();
        services.AddHostedService<OperationWatch>();
        return services;
    }
}
