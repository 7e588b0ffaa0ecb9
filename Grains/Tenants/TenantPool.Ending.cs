using Kataven.Grains.Connections;
using Kataven.Grains.Queries;

namespace Kataven.Grains.Tenants;

// How a statement ends that will not be cancelled.
internal sealed partial class TenantPool
{
    /// <summary>Tells a lane's backend to end.</summary>
    public Func<Lane, CancellationToken, Task> TellToEnd { get; init; } = static (_, _) => Task.CompletedTask;

    /// <summary>Watches over what runs on a lane until it is disposed of, which comes before the lane goes back.</summary>
    public LateEnding EndLate(Lane lane, StatementClock clock) => new(lane, TellToEnd, _time, clock.Token);
}
