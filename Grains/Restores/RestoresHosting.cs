using Kataven.Grains.Housekeeping;
using Kataven.Grains.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Kataven.Grains.Restores;

/// <summary>What restores, clones and verifications need.</summary>
internal static class RestoresHosting
{
    public static IServiceCollection AddRestores(this IServiceCollection services)
    {
        services.AddSingleton<WorkingDatabases>();
        services.AddSingleton<DatabaseSwap>();
        services.AddSingleton<FormerRole>();
        services.AddSingleton<RestoredContent>();
        services.AddSingleton<InPlace>();
        services.AddSingleton<NewAccounts>();
        services.AddSingleton<CloneMethod>();
        services.AddSingleton<IOperationWork, RestoreWork>();
        services.AddSingleton<IOperationWork, SwapBackWork>();
        services.AddSingleton<IOperationWork, CloneWork>();
        services.AddSingleton<IOperationWork, VerificationWork>();
        services.AddSingleton<IHousekeeping, DatabaseSweep>();
        return services;
    }
}
