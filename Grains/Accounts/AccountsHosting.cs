using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Kataven.Grains.Accounts;

/// <summary>What a silo needs to know accounts, and to make and remove them.</summary>
internal static class AccountsHosting
{
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<AccountTable>();
        services.AddSingleton<AccountFactsTable>();
        services.AddSingleton<KnownCredentials>();
        services.AddHostedService(provider => provider.GetRequiredService<KnownCredentials>());
        services.AddSingleton<CredentialStore>();
        services.AddSingleton<Adoption>();
        services.AddSingleton<AccountDatabase>();
        services.AddSingleton<AccountRemoval>();
        services.AddSingleton<AccountRole>();
        services.AddSingleton<RoleLogin>();
        services.AddSingleton<AccountDirectory>();
        services.AddSingleton<AccountFeed>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<AccountFeed>());
    }
}
