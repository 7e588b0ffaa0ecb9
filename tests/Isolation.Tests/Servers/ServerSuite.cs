namespace Kataven.Isolation.Tests.Servers;

/// <summary>Tests that run on each server; a class for each says which.</summary>
public abstract class ServerSuite
{
    protected ServerSuite(ArenaService service)
    {
        Assert.SkipWhen(service.Unavailable is not null, "This server cannot be had on this machine.");
        Service = service;
    }

    protected ArenaService Service { get; }
}
