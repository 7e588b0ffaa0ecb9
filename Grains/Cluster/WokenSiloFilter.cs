using Kataven.Accounts;
using Kataven.Grains.Connections.Budget;
using Kataven.Operations;
using Kataven.Rollouts;

namespace Kataven.Grains.Cluster;

/// <summary>
/// A silo that was frozen finds calls that came meanwhile, of which the callers were told long ago that nobody answered, and which they have
/// made again. One that changes or removes an account, or begins something with it, waits until others have heard of the silo; one
/// that was declared dead never is, and ends.
/// </summary>
internal sealed class WokenSiloFilter(ConnectionSlots slots, TimeProvider time) : IIncomingGrainCallFilter
{
    /// <summary>Less than it takes to declare a silo dead, and more than between two of its calls to the budget's owner.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(2.5);

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    public Task Invoke(IIncomingGrainCallContext context) =>
        IsGuarded(context.Request.GetInterfaceType()) && !slots.WasHeardWithin(Lately) ? WhenHeardAsync(context) : context.Invoke();

    private static bool IsGuarded(Type called) => called == typeof(IAccountGrain) || called == typeof(IOperationGrain) || called == typeof(IRolloutGrain);

    /// <exception cref="SiloUnavailableException">Nobody has heard of the silo: the call has not run.</exception>
    private async Task WhenHeardAsync(IIncomingGrainCallContext context)
    {
        for (var begun = time.GetTimestamp(); !slots.WasHeardWithin(Lately);)
        {
            if (time.GetElapsedTime(begun) > Within)
            {
                throw new SiloUnavailableException("The silo has not been heard of for too long: it may have been declared dead.");
            }

            await Task.Delay(LookEvery, time);
        }

        await context.Invoke();
    }
}
