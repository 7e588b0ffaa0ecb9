using Kataven.Accounts;
using Kataven.Cluster;
using Kataven.Errors;
using Kataven.Operations;
using Kataven.Rollouts;

namespace Kataven.Grains.Cluster;

/// <summary>
/// A silo that was frozen finds calls that came meanwhile, of which the callers were told long ago that nobody answered, and which they have
/// made again. One that changes or removes an account, or begins something with it, runs only where the silo is still counted on, and not where
/// it came from such a silo.
/// </summary>
internal sealed class WokenSiloFilter(SiloPulse pulse, LostSilos lost) : IIncomingGrainCallFilter
{
    /// <exception cref="SentEarlierException">A silo was lost since: the call has not run.</exception>
    public Task Invoke(IIncomingGrainCallContext context)
    {
        // Taken in any case: what else the grain goes on to call is not its caller's.
        var sent = SenderMembership.Take();
        if (!IsGuarded(context.Request.GetInterfaceType()))
        {
            return context.Invoke();
        }

        return lost.IsBeforeLoss(sent, out var loss) ? Task.FromException(new SentEarlierException { Members = loss })
            : pulse.IsFelt ? context.Invoke()
            : WhenFeltAsync(context);
    }

    private static bool IsGuarded(Type called) =>
        called == typeof(IAccountGrain) || called == typeof(IOperationGrain) || called == typeof(IRolloutGrain) || called == typeof(IRolloutBoardGrain);

    /// <exception cref="SiloUnavailableException">The silo was declared dead: the call has not run.</exception>
    private async Task WhenFeltAsync(IIncomingGrainCallContext context)
    {
        await pulse.WhenFeltAsync();
        await context.Invoke();
    }
}
