using System.Diagnostics;

namespace Kataven.Testing;

/// <summary>Waits for what must become true, and fails with its name when it does not.</summary>
public static class Eventually
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>Of what takes longer than <see cref="Soon"/>: a process that starts, for one, which every look keeps from it.</summary>
    private static readonly TimeSpan LongStep = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static Task Async(Func<bool> condition, TimeSpan deadline, string what) =>
        Async(() => Task.FromResult(condition()), deadline, what);

    public static async Task Async(Func<Task<bool>> condition, TimeSpan deadline, string what)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            var waited = Stopwatch.GetElapsedTime(begun);
            if (waited > deadline)
            {
                throw new TimeoutException($"Waited {deadline.TotalSeconds:0.###} s in vain: {what}");
            }

            await Task.Delay(waited < Soon ? Step : LongStep);
        }
    }
}
