using Kataven.Silo.Schema;
using Kataven.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kataven.Silo.Tests.Schema;

/// <summary>What concerns the whole server: it has one to itself.</summary>
public sealed class SystemServerTests(PrivatePostgresFixture postgres) : IClassFixture<PrivatePostgresFixture>
{
    private const string OpenToPublic = """
        SELECT COALESCE(string_agg(d.datname, ',' ORDER BY d.datname), '')
        FROM pg_database d, aclexplode(COALESCE(d.datacl, acldefault('d', d.datdba))) a
        WHERE a.grantee = 0 AND a.privilege_type = 'CONNECT' AND d.datname IN ('postgres', 'template1', 'system')
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_role_that_may_create_databases_and_roles_is_enough_and_warns_of_what_it_cannot_close()
    {
        var database = new SystemDatabase(postgres.ConnectionString);
        await database.OnServerAsync("CREATE ROLE keeper LOGIN CREATEDB CREATEROLE PASSWORD 'kept'");
        await database.OnServerAsync("GRANT CONNECT ON DATABASE postgres, template1 TO PUBLIC");
        var keeper = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Username = "keeper", Password = "kept" };
        var log = new CollectedLog();
        try
        {
            await SystemSchema.EnsureAsync(keeper.ConnectionString, database.Options, log, Cancelled);
            await SystemSchema.EnsureAsync(keeper.ConnectionString, database.Options, log, Cancelled);

            Assert.Equal("keeper", await database.ScalarAsync<string>(
                "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = current_database()"));
            foreach (var open in new[] { "postgres", "template1" })
                Assert.Contains(log.Messages, message => message.Contains($"the database {open},", StringComparison.Ordinal));
        }
        finally
        {
            await database.DisposeAsync();
            await database.OnServerAsync("DROP ROLE keeper");
        }
    }

    [Fact]
    public async Task A_superuser_closes_the_databases_that_are_no_accounts()
    {
        var database = new SystemDatabase(postgres.ConnectionString);
        await database.OnServerAsync("GRANT CONNECT ON DATABASE postgres, template1 TO PUBLIC");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => SystemSchema.EnsureAsync(postgres.ConnectionString, NullLogger.Instance, Cancelled)));

        await using var connection = await database.OpenAsync(postgres.ConnectionString);
        await using var command = new NpgsqlCommand(OpenToPublic, connection);
        Assert.Equal("", await command.ExecuteScalarAsync(Cancelled));
        await database.OnServerAsync("DROP DATABASE system");
    }

    [Fact]
    public async Task A_wrong_password_is_told_at_once()
    {
        var wrong = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "wrong" };
        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => SystemSchema.EnsureAsync(wrong.ConnectionString, NullLogger.Instance, Cancelled));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_tried_until_the_deadline()
    {
        var nobody = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Host = "127.0.0.1", Port = 1 };
        var options = new SystemSchemaOptions { StartDeadline = TimeSpan.FromSeconds(1) };
        var log = new CollectedLog();

        var gaveUp = await Assert.ThrowsAsync<TimeoutException>(
            () => SystemSchema.EnsureAsync(nobody.ConnectionString, options, log, Cancelled));

        Assert.IsType<NpgsqlException>(gaveUp.InnerException);
        Assert.Single(log.Messages);
    }
}
