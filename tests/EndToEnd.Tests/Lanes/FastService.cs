using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Lanes;

/// <summary>The service with fast lanes, on a server of its own.</summary>
public sealed class FastService : ServiceFixture
{
    protected override string[] Arguments => [.. base.Arguments, "--Kataven:Tenants:FastLane=true"];
}
