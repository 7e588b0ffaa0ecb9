using System.Collections.Immutable;
using Kataven.Cluster;
using Kataven.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kataven.Health;

/// <summary>
/// Whether requests should be sent here. Only a start and a drain take the process out; what is away in the cluster is away
/// for every process alike, and accounts that are known may still be served.
/// </summary>
internal sealed class Readiness(IServiceProvider services, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>A cluster that has not answered by then is away. A silo itself waits two seconds for the system database.</summary>
    private static readonly TimeSpan AskFor = TimeSpan.FromSeconds(2.5);

    private static readonly TimeSpan KeepFor = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<ImmutableArray<string>>? _away;
    private long _askedAt;
    private bool _knowsTenants;

    private IGrainFactory Grains => services.GetRequiredService<IGrainFactory>();

    public async Task<ReadinessReport> AskAsync()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return ReadinessReport.Draining;
        }

        if (!lifetime.ApplicationStarted.IsCancellationRequested || !KnowsTenants())
        {
            return ReadinessReport.Starting;
        }

        return ReadinessReport.Of(await AwayAsync());
    }

    /// <summary>Until the cluster's manifest has arrived, a front door knows no implementation of any grain.</summary>
    private bool KnowsTenants()
    {
        if (_knowsTenants)
        {
            return true;
        }

        try
        {
            // A reference alone: nothing is called.
            Grains.GetGrain<ITenantGrain>("acme");
            return _knowsTenants = true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>One question is under way at most, whoever asks how often.</summary>
    private Task<ImmutableArray<string>> AwayAsync()
    {
        lock (_lock)
        {
            if (_away is null || (_away.IsCompleted && time.GetElapsedTime(_askedAt) >= KeepFor))
            {
                _askedAt = time.GetTimestamp();
                _away = AskClusterAsync();
            }

            return _away;
        }
    }

    private async Task<ImmutableArray<string>> AskClusterAsync()
    {
        try
        {
            return (await Grains.GetGrain<IClusterGrain>(0).HealthAsync().WaitAsync(AskFor, time)).Away;
        }
        catch (Exception)
        {
            // No silo, or none that answers.
            return ["cluster"];
        }
    }
}
