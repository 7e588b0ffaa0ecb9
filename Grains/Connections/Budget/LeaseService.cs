using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Connections.Budget;

/// <summary>One on each silo that holds tenants. Where the budget's owner reaches it.</summary>
internal sealed class LeaseService(GrainId id, Silo silo, ILoggerFactory loggers, ConnectionSlots slots, LeaseLoop loop)
    : GrainService(id, silo, loggers), ILeaseService
{
    public Task<ImmutableArray<int>> ProcessesAsync() =>
        Task.FromResult<ImmutableArray<int>>([.. slots.Users.SelectMany(user => user.ProcessIds)]);

    public Task AskAsync()
    {
        slots.Ask();
        return Task.CompletedTask;
    }

    public override Task Stop()
    {
        // Its accounts leave after this. What is not given back by then comes free when the silo is known to be dead.
        slots.Leave();
        return base.Stop();
    }

    protected override Task StartInBackground()
    {
        loop.Start();
        return Task.CompletedTask;
    }
}
