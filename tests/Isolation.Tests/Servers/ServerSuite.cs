using Kataven.Testing;

namespace Kataven.Isolation.Tests.Servers;

/// <summary>Tests that run on each server; a class for each says which.</summary>
public abstract class ServerSuite
{
    /// <param name="service">The service on one of the servers.</param>
    /// <param name="onEach">Whether each run has them on each server; the others are on the newest where all is tested.</param>
    protected ServerSuite(ArenaService service, bool onEach = false)
    {
        Assert.SkipWhen(service.Unavailable is not null, "This server cannot be had on this machine.");
        Assert.SkipUnless(onEach || service is not NewestService || TestScope.IsWhole, TestScope.Reason);
        Service = service;
    }

    protected ArenaService Service { get; }
}
