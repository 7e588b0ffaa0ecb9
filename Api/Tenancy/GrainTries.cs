namespace Kataven.Api.Tenancy;

/// <summary>The tries of one call.</summary>
/// <param name="tryFor">For how long.</param>
/// <param name="time">The clock.</param>
internal sealed class GrainTries(TimeSpan tryFor, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly long _begun = time.GetTimestamp();
    private TimeSpan _pause = FirstPause;

    /// <summary>Waits for the moment of the next try; false where it has been tried for long enough.</summary>
    public async Task<bool> PauseAsync(CancellationToken cancellation)
    {
        if (time.GetElapsedTime(_begun) > tryFor)
        {
            return false;
        }

        await Task.Delay(_pause * (0.5 + Random.Shared.NextDouble()), time, cancellation);
        _pause = 2 * _pause < LongestPause ? 2 * _pause : LongestPause;
        return true;
    }
}
