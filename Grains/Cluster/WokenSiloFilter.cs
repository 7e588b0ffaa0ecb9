using Kataven.Accounts;
using Kataven.Operations;
using Kataven.Rollouts;

namespace Kataven.Grains.Cluster;

/// <summary>
/// A silo that was frozen finds calls that came meanwhile, of which the callers were told long ago that nobody answered, and which they have
/// made again. One that changes or removes an account, or begins something with it, runs only where the silo is still counted on.
/// </summary>
internal sealed class WokenSiloFilter(SiloPulse pulse) : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context) =>
        IsGuarded(context.Request.GetInterfaceType()) && !pulse.IsFelt ? WhenFeltAsync(context) : context.Invoke();

    private static bool IsGuarded(Type called) => called == typeof(IAccountGrain) || called == typeof(IOperationGrain) || called == typeof(IRolloutGrain);

    /// <exception cref="SiloUnavailableException">The silo was declared dead: the call has not run.</exception>
    private async Task WhenFeltAsync(IIncomingGrainCallContext context)
    {
        await pulse.WhenFeltAsync();
        await context.Invoke();
    }
}
