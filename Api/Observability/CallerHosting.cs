using Kataven.Observability;

namespace Kataven.Api.Observability;

/// <summary>Lets the management address name the busiest callers.</summary>
internal static class CallerHosting
{
    public static IServiceCollection AddCallerActivity(this IServiceCollection services)
    {
        services.AddSingleton<CallerActivity>();
        services.AddSingleton<IAccountActivitySource>(provider => provider.GetRequiredService<CallerActivity>());
        return services;
    }
}
