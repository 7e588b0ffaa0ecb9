namespace Kataven.Grains.Connections;

/// <summary>What happens to a lane between two requests.</summary>
internal static class LaneReset
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(5);

    /// <summary>False where the session cannot be used again; the server's side may then still be at work.</summary>
    public static async Task<bool> TryAsync(ILaneSource source, Lane lane, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(Within, time);
        var reset = source.ResetAsync(lane, limit.Token);
        // Whatever goes wrong, the lane is closed and replaced.
        await reset.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return reset.IsCompletedSuccessfully;
    }
}
