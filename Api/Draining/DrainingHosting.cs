using Microsoft.AspNetCore.Connections.Features;

namespace Kataven.Api.Draining;

/// <summary>How a front door that stops is left by its clients before it goes.</summary>
internal static class DrainingHosting
{
    public static IServiceCollection AddDraining(this IServiceCollection services)
    {
        services.AddOptions<FrontDrainOptions>().BindConfiguration(FrontDrainOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHostedService<FrontDrain>();
        return services;
    }

    /// <summary>Each connection that is used while the front door drains ends with its answer: <c>Connection: close</c>, or GOAWAY.</summary>
    public static WebApplication UseDraining(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use((context, next) =>
        {
            if (stopping.IsCancellationRequested)
            {
                EndConnection(context);
            }

            return next(context);
        });
        return app;
    }

    private static void EndConnection(HttpContext context)
    {
        if (HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
        else
        {
            // The feature would also wake whoever reads the body of this very request.
            context.Response.Headers.Connection = "close";
        }
    }
}
