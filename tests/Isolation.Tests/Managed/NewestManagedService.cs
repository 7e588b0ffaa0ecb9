using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Managed;

public sealed class NewestManagedService : ManagedService
{
    private readonly PackagedServer _server;

    public NewestManagedService() : this(new PackagedServer())
    {
    }

    private NewestManagedService(PackagedServer server) : base(server) => _server = server;

    public override async ValueTask InitializeAsync()
    {
        (_server.Binaries, Unavailable) = await PackagedPostgres.FindAsync();
        if (Unavailable is null)
        {
            await base.InitializeAsync();
        }
    }
}
