using Kataven.Grains.Connections.Budget;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Kataven.Grains.Cluster;

/// <summary>
/// Whether the budget's owner has answered this silo lately. One that was frozen does not know it; if it was declared dead nobody else
/// answers it again, and it ends. Where the budget's owner is on the silo itself that answers all the same.
/// </summary>
internal sealed class SiloPulse(ConnectionSlots slots, IOptions<ClusterMembershipOptions> membership, TimeProvider time)
{
    /// <summary>Less than a silo has to be silent before it is declared dead.</summary>
    private readonly TimeSpan _lately = membership.Value.MaxProbeTimeout * membership.Value.NumMissedProbesLimit * 5 / 6;

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    public bool IsFelt => slots.WasHeardWithin(_lately);

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
