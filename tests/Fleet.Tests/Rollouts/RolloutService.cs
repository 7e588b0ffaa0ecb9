using Kataven.Fleet.Tests.Operations;

namespace Kataven.Fleet.Tests.Rollouts;

/// <summary>A fleet of its own: a rollout is about all the accounts that there are.</summary>
public sealed class RolloutService : FleetService
{
    protected override string[] Arguments => [.. base.Arguments, "--Kataven:Migrations:StatementTimeout=00:00:30"];
}
