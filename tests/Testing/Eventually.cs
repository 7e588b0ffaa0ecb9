using System.Diagnostics;

namespace Kataven.Testing;

/// <summary>Waits for what must become true, and fails with its name when it does not.</summary>
public static class Eventually
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    public static Task Async(Func<bool> condition, TimeSpan deadline, string what) =>
        Async(() => Task.FromResult(condition()), deadline, what);

    public static async Task Async(Func<Task<bool>> condition, TimeSpan deadline, string what)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(begun) > deadline)
            {
                throw new TimeoutException($"Waited {deadline.TotalSeconds:0.###} s in vain: {what}");
            }

            await Task.Delay(Step);
        }
    }
}
