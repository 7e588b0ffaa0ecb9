using Kataven.Postgres.Embedded;

namespace Kataven.Testing;

/// <summary>How a server is started whose data nobody wants to keep.</summary>
public static class ThrowawayServer
{
    public static EmbeddedPostgresOptions Options(int maxConnections = 300) => new()
    {
        DataDirectory = Path.Combine(Path.GetTempPath(), "kataven-test-" + Guid.NewGuid().ToString("N")),
        MaxConnections = maxConnections,
        FastUnsafe = true,
        // Tests make hundreds of databases, and its workers would be on their way through them all the time.
        Settings = new Dictionary<string, string> { ["autovacuum_naptime"] = "1h" },
        DeleteOnDispose = true,
        Log = Console.Error.WriteLine,
    };
}
