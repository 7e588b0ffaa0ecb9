using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Kataven.Grains.Cluster;

/// <summary>
/// Whether the cluster still counts on this silo. One that was frozen does not know that it was declared dead, and neither do the grains that
/// it has: only the row of the silo in the table of members tells, which is read again where that was longer ago than others need to find out.
/// </summary>
internal sealed class SiloPulse(IMembershipTable members, ILocalSiloDetails silo, IOptions<ClusterMembershipOptions> membership, TimeProvider time) : IDisposable
{
    /// <summary>Many accounts that begin at once share one look.</summary>
    private static readonly TimeSpan JustNow = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan TryAgainFor = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Less than a silo has to be silent before it is declared dead.</summary>
    private readonly TimeSpan _lately = membership.Value.MaxProbeTimeout * membership.Value.NumMissedProbesLimit * 5 / 6;

    private readonly SemaphoreSlim _look = new(1, 1);
    private readonly Lock _lock = new();
    private long? _feltAt;

    public bool IsFelt => WasFeltWithin(_lately);

    /// <summary>Asked before what must not be done by a silo whose work another one has taken over.</summary>
    /// <exception cref="SiloUnavailableException">The silo was declared dead.</exception>
    /// <exception cref="Exception">The table of members could not be read for a second.</exception>
    public ValueTask WhenFeltAsync(CancellationToken cancellation = default) => IsFelt ? ValueTask.CompletedTask : LookAsync(_lately, cancellation);

    /// <summary>The same, asked before an account is taken from whoever owned it: what was true a second ago will not do.</summary>
    /// <exception cref="SiloUnavailableException">The silo was declared dead.</exception>
    /// <exception cref="Exception">The table of members could not be read for a second.</exception>
    public ValueTask WhenJustFeltAsync(CancellationToken cancellation = default) =>
        WasFeltWithin(JustNow) ? ValueTask.CompletedTask : LookAsync(JustNow, cancellation);

    public void Dispose() => _look.Dispose();

    private async ValueTask LookAsync(TimeSpan limit, CancellationToken cancellation)
    {
        await _look.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!WasFeltWithin(limit))
            {
                await LookUntilFeltAsync(cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            _look.Release();
        }
    }

    /// <summary>What was read before the silo froze may reach it when it wakes, and is read again.</summary>
    private async Task LookUntilFeltAsync(CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        do
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                await LookOnceAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not (SiloUnavailableException or OperationCanceledException) && time.GetElapsedTime(begun) < TryAgainFor)
            {
                // A connection from before the server started anew is found broken once.
                await Task.Delay(TryAgainAfter, time, cancellation).ConfigureAwait(false);
            }
        }
        while (!IsFelt);
    }

    private async Task LookOnceAsync(CancellationToken cancellation)
    {
        var at = time.GetTimestamp();
        var found = await members.ReadRowAsync(silo.SiloAddress, cancellation).ConfigureAwait(false);
        if (found.Members.All(row => row.Item1.Status is SiloStatus.Dead or SiloStatus.None))
        {
            throw new SiloUnavailableException("The silo was declared dead: what it was asked has not been done.");
        }

        lock (_lock)
        {
            _feltAt = at;
        }
    }

    private bool WasFeltWithin(TimeSpan limit)
    {
        lock (_lock)
        {
            return _feltAt is { } at && time.GetElapsedTime(at) < limit;
        }
    }
}
