using Kataven.Grains.Cluster;
using Kataven.Grains.Observability;
using Kataven.Tenants;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Placement;

/// <summary>Has accounts of this silo move to others while it is busy and they are not. Only the busiest silo of the cluster does so, by what all of them tell.</summary>
internal sealed partial class PlacementLoop(
    LoadMeter meter,
    PoolReportClient reports,
    TenantSilos tenants,
    ILocalSiloDetails local,
    IGrainFactory grains,
    IHostApplicationLifetime lifetime,
    IOptions<PlacementOptions> options,
    TimeProvider time,
    ILogger<PlacementLoop> logger) : BackgroundService
{
    /// <summary>How long another silo may take to say how busy it is: one that takes longer is no place for more.</summary>
    private static readonly TimeSpan AskFor = TimeSpan.FromSeconds(2);

    private readonly PlacementBook _book = new(options.Value, time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.WhenJoinedAsync(stoppingToken).ConfigureAwait(false);
        using var timer = new PeriodicTimer(options.Value.LookEvery, time);
        while (!stoppingToken.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None).AsTask().WaitAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await LookAsync().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                LogFailed(exception);
            }
        }
    }

    private async Task LookAsync()
    {
        var (own, accounts) = meter.Look(options.Value.RestFor);
        // One that hands nothing over is asked by others all the same.
        if (!_book.Look(own) || !options.Value.Rebalance)
        {
            return;
        }

        var silos = tenants.All(grains.GetGrain<ITenantGrain>("any").GetGrainId().Type).Where(silo => !silo.Equals(local.SiloAddress));
        var others = await Task.WhenAll(silos.Select(AskAsync)).ConfigureAwait(false);
        foreach (var move in _book.Decide(own, accounts, [.. others.OfType<SiloLoad>()]))
        {
            var moves = await grains.GetGrain<ITenantGrain>(move.Account.Value).MoveAsync(move.To).ConfigureAwait(false);
            PlacementMetrics.Moved(moves);
            if (moves)
            {
                LogMoves(move.Account, move.To);
            }
        }
    }

    private async Task<SiloLoad?> AskAsync(SiloAddress silo)
    {
        try
        {
            return await reports.LoadAsync(silo).WaitAsync(AskFor, time).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It is going, or of a version that cannot say.
            return null;
        }
    }
}
