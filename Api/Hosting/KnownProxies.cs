using Kataven.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Kataven.Api.Hosting;

/// <summary>
/// Takes a request's client address and scheme from <c>X-Forwarded-For</c> and <c>-Proto</c>, where a known proxy wrote them. From
/// anybody else they mean nothing. The host's name is never taken from a header that a proxy may have passed on unread.
/// </summary>
internal static class KnownProxies
{
    public static IServiceCollection AddKnownProxies(this IServiceCollection services)
    {
        services.AddOptions<ProxySettings>().ValidateOnStart().Configure<IConfiguration>((options, configuration) =>
            options.Known = configuration.ReadList(ProxySettings.Setting) ?? []);
        services.AddSingleton<IValidateOptions<ProxySettings>, ProxySettingsValidator>();
        // After everything else: the framework trusts all the world where ASPNETCORE_FORWARDEDHEADERS_ENABLED is set.
        services.AddOptions<ForwardedHeadersOptions>().PostConfigure<IOptions<ProxySettings>>(Configure);
        return services;
    }

    /// <summary>First of all: what follows goes by the client's address.</summary>
    public static WebApplication UseKnownProxies(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ProxySettings>>().Value.Known.Count > 0)
        {
            app.UseForwardedHeaders();
        }

        return app;
    }

    private static void Configure(ForwardedHeadersOptions options, IOptions<ProxySettings> settings)
    {
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        // No known proxy at all would mean to the middleware that each one is known.
        options.ForwardedHeaders = settings.Value.Known.Count > 0
            ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
            : ForwardedHeaders.None;
        // Through as many proxies as are known, one behind the other.
        options.ForwardLimit = null;
        foreach (var known in settings.Value.Known)
        {
            if (ProxySettings.TryParse(known, out var network))
            {
                options.KnownIPNetworks.Add(network);
            }
        }
    }
}
