using Kataven.Postgres.Embedded;
using Npgsql;
using Xunit;

namespace Kataven.Testing;

/// <summary>
/// The PostgreSQL server of a test program, one for the whole process: <c>[assembly: AssemblyFixture(typeof(PostgresFixture))]</c>.
/// <c>./test</c> gives all programs the same one through <see cref="Variable"/>; a program that is run by itself starts its own.
/// So databases and roles need names of their own; what needs a whole server is for <see cref="PrivatePostgresFixture"/>.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public const string Variable = "KATAVEN_TEST_POSTGRES";

    private EmbeddedPostgres? _server;

    /// <summary>Of a superuser. Not pooled, so that a test sees the connections that it opened and no others.</summary>
    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var given = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(given))
        {
            _server = await EmbeddedPostgres.StartAsync(ThrowawayServer.Options());
            given = _server.ConnectionString;
        }

        ConnectionString = new NpgsqlConnectionStringBuilder(given) { Pooling = false }.ConnectionString;
    }

    /// <summary>A database whose name begins with the prefix and is used by nobody else.</summary>
    public Task<TestDatabase> CreateDatabaseAsync(string prefix = "test") => TestDatabase.CreateAsync(ConnectionString, prefix);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
