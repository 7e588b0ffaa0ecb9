using Microsoft.Extensions.Hosting;

namespace Kataven.Grains.Cluster;

/// <summary>When grains can be called: once the silo has joined.</summary>
internal static class SiloStart
{
    /// <summary>Returns when it has, or when the process stops.</summary>
    public static async Task WhenJoinedAsync(this IHostApplicationLifetime lifetime, CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted
            .UnsafeRegister(static started => ((TaskCompletionSource)started!).TrySetResult(), started).ConfigureAwait(false);
        await started.Task.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
