using Kataven.Testing.Service;

namespace Kataven.Isolation.Tests.Servers;

/// <summary>The service on the newest PostgreSQL that can be had, with as small a queue of notifications as it can have.</summary>
public sealed class CrampedService : ServiceFixture
{
    private readonly PackagedServer _server;

    public CrampedService() : this(new PackagedServer { Settings = new Dictionary<string, string> { ["max_notify_queue_pages"] = "64" } })
    {
    }

    private CrampedService(PackagedServer server) : base(server) => _server = server;

    /// <summary>Why its server cannot be had on this machine; null where it can.</summary>
    public string? Unavailable { get; private set; }

    public override async ValueTask InitializeAsync()
    {
        (_server.Binaries, Unavailable) = await PackagedPostgres.FindAsync();
        if (Unavailable is null)
        {
            await base.InitializeAsync();
        }
    }
}
