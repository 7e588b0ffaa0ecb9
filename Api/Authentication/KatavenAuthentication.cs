using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Kataven.Api.Authentication;

/// <summary>Who calls: bearer tokens of the configured issuer, or in <c>Development</c> of our own.</summary>
internal static class KatavenAuthentication
{
    public static IServiceCollection AddKatavenAuthentication(this IServiceCollection services)
    {
        services.AddOptions<AuthOptions>().BindConfiguration(AuthOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DevelopmentKey>();
        services.AddSingleton<DevelopmentIssuer>();
        services.AddSingleton<AuthorityMetadata>();
        services.AddSingleton<IssuerMetadata>(MetadataOf);
        services.AddSingleton<IssuerKeys>();
        services.AddSingleton<KnownTokens>();
        services.AddSingleton<BearerEvents>();
        services.AddHostedService<AuthenticationNotice>();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, BearerSetup>();
        services.AddAuthorization();
        return services;
    }

    /// <summary>What the validated token says. Only behind an endpoint that requires authorization.</summary>
    public static TokenClaims TokenClaims(this HttpContext context) => context.Features.GetRequiredFeature<TokenClaims>();

    private static IssuerMetadata MetadataOf(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<AuthOptions>>().Value;
        return options.UsesDevelopmentIssuer(services.GetRequiredService<IHostEnvironment>())
            ? services.GetRequiredService<DevelopmentKey>()
            : services.GetRequiredService<AuthorityMetadata>();
    }
}
