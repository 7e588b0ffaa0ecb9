using Kataven.Postgres.Embedded;
using Npgsql;
using Xunit;

namespace Kataven.Testing;

/// <summary>
/// A server that nobody else uses: for tests that need databases of fixed names (<c>system</c>), stop the server, or count
/// all of its connections. It takes about two seconds to start, so one a class or a program.
/// </summary>
public class PrivatePostgresFixture : IAsyncLifetime
{
    private EmbeddedPostgres? _server;

    public EmbeddedPostgres Server => _server ?? throw new InvalidOperationException("The fixture has not been started.");

    /// <summary>Of a superuser; not pooled.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Pooling = false }.ConnectionString;

    public async ValueTask InitializeAsync() => _server = await EmbeddedPostgres.StartAsync(Options);

    public Task<TestDatabase> CreateDatabaseAsync(string prefix = "test") => TestDatabase.CreateAsync(ConnectionString, prefix);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>For a fixture that needs other settings.</summary>
    protected virtual EmbeddedPostgresOptions Options => ThrowawayServer.Options();
}
