using Kataven.Grains.Accounts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Connections;

/// <summary>
/// The connections that this silo opens for its accounts, some at a time: who asked first is first, and an account asks for one after
/// the other, so each gets its turn. While the server takes none, one is tried at a time for all accounts together, after ever longer
/// pauses; whoever asks meanwhile waits for a moment and is told. So a server that comes back meets no crowd.
/// </summary>
internal sealed partial class LaneOpenings(IOptions<ConnectionOptions> options, TimeProvider time, ILogger<LaneOpenings> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>How long who asks waits for the server to come back. Who sent the request tries again after that.</summary>
    private static readonly TimeSpan WaitFor = TimeSpan.FromSeconds(1);

    private static readonly LaneGrant Away =
        LaneGrant.Refused(Databases.Unavailable("PostgreSQL takes no connections now.")) with { IsServerAway = true };

    private readonly SemaphoreSlim _places = new(options.Value.OpenAtOnce);
    private readonly Lock _lock = new();
    private TaskCompletionSource? _back;
    private TimeSpan _pause;
    private long _triedAt;

    /// <param name="open">Opens one.</param>
    /// <param name="cancellation">Nobody wants it any more.</param>
    /// <exception cref="OperationCanceledException">Nobody did.</exception>
    public async Task<LaneGrant> OpenAsync(Func<CancellationToken, Task<LaneGrant>> open, CancellationToken cancellation)
    {
        var (mayTry, isProbe) = await WaitAsync(cancellation).ConfigureAwait(false);
        if (!mayTry)
        {
            return Away;
        }

        await _places.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // It may have gone while this one waited for its place.
            if (!isProbe && IsAway)
            {
                return Away;
            }

            var grant = await open(cancellation).ConfigureAwait(false);
            if (grant.Lane is not null || grant.IsServerAway)
            {
                // What else goes wrong with one account says nothing of the server.
                Heard(grant.IsServerAway);
            }

            return grant;
        }
        finally
        {
            _places.Release();
        }
    }

    private bool IsAway
    {
        get
        {
            lock (_lock)
            {
                return _back is not null;
            }
        }
    }

    private async ValueTask<(bool MayTry, bool IsProbe)> WaitAsync(CancellationToken cancellation)
    {
        var asked = time.GetTimestamp();
        while (true)
        {
            Task back;
            TimeSpan pause;
            lock (_lock)
            {
                pause = _pause - time.GetElapsedTime(_triedAt);
                if (_back is null || pause <= TimeSpan.Zero)
                {
                    var isProbe = _back is not null;
                    (_triedAt, _pause) = (time.GetTimestamp(), 2 * _pause < LongestPause ? 2 * _pause : LongestPause);
                    return (true, isProbe);
                }

                back = _back.Task;
            }

            var left = WaitFor - time.GetElapsedTime(asked);
            if (left <= TimeSpan.Zero)
            {
                return (false, false);
            }

            await back.WaitAsync(pause < left ? pause : left, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private void Heard(bool isAway)
    {
        TaskCompletionSource? back = null;
        lock (_lock)
        {
            if (isAway == _back is not null)
            {
                return;
            }

            if (isAway)
            {
                _back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                (_triedAt, _pause) = (time.GetTimestamp(), FirstPause);
            }
            else
            {
                (back, _back) = (_back, null);
            }
        }

        if (isAway)
        {
            LogAway();
        }
        else
        {
            LogBack();
        }

        back?.SetResult();
    }
}
