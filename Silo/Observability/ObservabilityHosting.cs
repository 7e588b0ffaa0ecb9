using Kataven.Health;
using Kataven.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Kataven.Observability;

/// <summary>What a process tells those who operate it: log, health, metrics, and traces where somebody takes them.</summary>
internal static class ObservabilityHosting
{
    /// <summary>
    /// Of Orleans' many instruments those that say whether the cluster is well. They are counted by events that are rare, or
    /// looked up when somebody asks.
    /// </summary>
    private static readonly HashSet<string> OfOrleans =
    [
        "orleans-catalog-activations", "orleans-catalog-activation-failed-to-activate", "orleans-app-requests-timedout",
        "orleans-messaging-expired", "orleans-messaging-rejected", "orleans-messaging-rerouted", "orleans-messaging-sent-failed",
        "orleans-scheduler-long-running-turns", "orleans-messaging-pings-reply-missed",
    ];

    /// <param name="builder">The process.</param>
    /// <param name="managementUrls">Where it serves health and metrics where <c>Kataven:Management:Urls</c> does not say.</param>
    public static void AddObservability(this IHostApplicationBuilder builder, params string[] managementUrls)
    {
        var services = builder.Services;
        builder.AddLogSettings();
        SettingCheck.Add(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<MetricsOptions>().BindConfiguration(MetricsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ManagementOptions>().ValidateOnStart().Configure<IConfiguration>((options, configuration) =>
            options.Urls = configuration.ReadList(ManagementOptions.Setting) ?? managementUrls);
        services.AddSingleton<IValidateOptions<ManagementOptions>, ManagementOptionsValidator>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<Scrape>();
        services.AddSingleton<BusiestAccounts>();
        services.AddSingleton<ManagementServer>();
        AddTelemetry(services, !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]));
    }

    /// <summary>Before anything that takes time: whoever waits for the process sees that it lives.</summary>
    public static Task StartManagementAsync(this IHost host, CancellationToken cancellation) =>
        host.Services.GetRequiredService<ManagementServer>().StartAsync(cancellation);

    private static void AddTelemetry(IServiceCollection services, bool hasCollector)
    {
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("kataven"));
        telemetry.WithMetrics(metrics =>
        {
            // Npgsql's meter stays out: it has a series for each pool, so for each account.
            metrics.AddMeter(RequestPath.Name, "System.Runtime", "Microsoft.Orleans");
            metrics.AddView(instrument =>
                instrument.Meter.Name == "Microsoft.Orleans" && !OfOrleans.Contains(instrument.Name) ? MetricStreamConfiguration.Drop : null);
            metrics.AddPrometheusExporter(prometheus => prometheus.ScopeInfoEnabled = false);
            if (hasCollector)
            {
                metrics.AddOtlpExporter();
            }
        });
        if (hasCollector)
        {
            // Npgsql's source stays out: its spans carry the text of statements.
            telemetry.WithTracing(traces => traces.AddSource(RequestPath.Name, "Microsoft.Orleans.Application").AddOtlpExporter());
        }
    }
}
