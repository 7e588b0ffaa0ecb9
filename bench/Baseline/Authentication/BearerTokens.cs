using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Kataven.Baseline.Authentication;

/// <summary>Tokens of the issuer whose keys the authority's discovery document names.</summary>
internal static class BearerTokens
{
    public static IServiceCollection AddBearerTokens(this IServiceCollection services, BaselineOptions baseline)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddAuthorization();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(bearer =>
        {
            bearer.Authority = baseline.Authority;
            bearer.RequireHttpsMetadata = false;
            bearer.MapInboundClaims = false;
            bearer.SaveToken = false;
            bearer.TokenValidationParameters.ValidAudience = baseline.Audience;
            bearer.TokenHandlers.Clear();
            bearer.TokenHandlers.Add(new KnownTokenHandler(TimeProvider.System) { MapInboundClaims = false });
        });
        return services;
    }
}
