using Kataven.Grains.Connections.Budget;

namespace Kataven.Grains.Cluster;

/// <summary>
/// Whether others have heard of this silo lately. One that was frozen does not know it; if it was declared dead it is never heard of
/// again, and ends.
/// </summary>
internal sealed class SiloPulse(ConnectionSlots slots, TimeProvider time)
{
    /// <summary>Less than it takes to declare a silo dead, and more than between two of its calls to the budget's owner.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(2.5);

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    public bool IsFelt => slots.WasHeardWithin(Lately);

    /// <summary>Asked before what must not be done by a silo whose work another one has taken over.</summary>
    /// <exception cref="SiloUnavailableException">Nobody has heard of the silo for <see cref="Within"/>.</exception>
    public ValueTask WhenFeltAsync() => IsFelt ? ValueTask.CompletedTask : WaitAsync();

    private async ValueTask WaitAsync()
    {
        for (var begun = time.GetTimestamp(); !IsFelt;)
        {
            if (time.GetElapsedTime(begun) > Within)
            {
                throw new SiloUnavailableException("The silo has not been heard of for too long: it may have been declared dead.");
            }

            await Task.Delay(LookEvery, time).ConfigureAwait(false);
        }
    }
}
