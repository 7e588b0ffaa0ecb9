using System.Diagnostics;

namespace Kataven.Postgres.Embedded;

/// <summary>Waits for what the operating system does not report.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>True as soon as the condition holds, false when it does not within the patience.</summary>
    public static async Task<bool> PollAsync(Func<bool> condition, TimeSpan patience, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(begun) > patience)
            {
                return false;
            }

            await Task.Delay(Step, cancellationToken);
        }

        return true;
    }
}
