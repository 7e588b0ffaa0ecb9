using Kataven.Postgres.Embedded;
using Kataven.Testing;

namespace Kataven.Isolation.Tests.Servers;

/// <summary>The service on the newest PostgreSQL that can be had; its tests are skipped where there is none.</summary>
public sealed class NewestService : ArenaService
{
    private readonly PackagedServer _server;

    public NewestService() : this(new PackagedServer())
    {
    }

    private NewestService(PackagedServer server) : base(server) => _server = server;

    public override async ValueTask InitializeAsync()
    {
        (_server.Binaries, Unavailable) = await PackagedPostgres.FindAsync();
        if (Unavailable is null)
        {
            await base.InitializeAsync();
        }
        else
        {
            await Console.Error.WriteLineAsync($"PostgreSQL {PackagedPostgres.Version} is not tested: {Unavailable}");
        }
    }
}
