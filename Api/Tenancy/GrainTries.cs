namespace Kataven.Api.Tenancy;

/// <summary>
/// The tries of one call, which end by the time for which nobody answered. What a call takes while its silo works on it is none of that: a
/// statement may run for minutes before its silo dies, and has as long for the next one to take over as any other.
/// </summary>
/// <param name="tryFor">For how long nobody may answer.</param>
/// <param name="time">The clock.</param>
internal sealed class GrainTries(TimeSpan tryFor, TimeProvider time)
{
    /// <summary>
    /// A silo that freezes is found out within five seconds, and what refuses does so sooner: of a longer try somebody has worked on the
    /// rest. It counts for no less, or what takes its silo down with it each time would be tried for ever.
    /// </summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>When the last try failed, or the first began.</summary>
    private long _since = time.GetTimestamp();

    private bool _hasFailed;
    private bool _wasSilent;
    private TimeSpan _unanswered;
    private TimeSpan _pause = FirstPause;

    /// <summary>Notes what a try failed with.</summary>
    public void Note(Exception exception) => _wasSilent = exception is TimeoutException;

    /// <summary>Waits for the moment of the next try; false where nobody has answered for long enough.</summary>
    public async Task<bool> PauseAsync(CancellationToken cancellation)
    {
        if (HasWaitedEnough())
        {
            return false;
        }

        await Task.Delay(_pause * (0.5 + Random.Shared.NextDouble()), time, cancellation);
        _pause = 2 * _pause < LongestPause ? 2 * _pause : LongestPause;
        return true;
    }

    private bool HasWaitedEnough()
    {
        var now = time.GetTimestamp();
        var took = time.GetElapsedTime(_since, now);
        // A call that was waited for until its limit had no answer all the while.
        _unanswered += _wasSilent ? took
            : !_hasFailed ? TimeSpan.Zero
            : took < LongestSilence ? took : LongestSilence;
        (_since, _hasFailed, _wasSilent) = (now, true, false);
        return _unanswered >= tryFor;
    }
}
