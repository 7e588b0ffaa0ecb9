using Kataven.Testing;
using Npgsql;

namespace Kataven.Silo.Tests.Schema;

public sealed class PrivilegeTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly string _role = $"stranger_{Guid.NewGuid():N}";
    private SystemDatabase _database = null!;

    private string AsStranger => new NpgsqlConnectionStringBuilder(_database.ConnectionString)
    {
        Username = _role,
        Password = "strange",
    }.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        _database = await SystemDatabase.CreateAsync(postgres.ConnectionString);
        await _database.OnServerAsync($"CREATE ROLE {_role} LOGIN PASSWORD 'strange'");
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _database.OnServerAsync($"DROP ROLE {_role}");
    }

    [Fact]
    public async Task A_role_without_privileges_cannot_connect()
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.OpenAsync(AsStranger));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task A_role_that_may_only_connect_can_use_nothing()
    {
        await _database.ExecuteAsync($"GRANT CONNECT ON DATABASE {_database.Name} TO {_role}");
        await using var connection = await _database.OpenAsync(AsStranger);

        Assert.Equal(0L, await ScalarAsync(connection, """
            SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname IN ('kataven', 'orleans', 'public') AND c.relkind IN ('r', 'S')
                AND (has_schema_privilege(n.oid, 'USAGE') OR has_schema_privilege(n.oid, 'CREATE')
                    OR (c.relkind = 'r' AND has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))
                    OR (c.relkind = 'S' AND has_sequence_privilege(c.oid, 'USAGE, SELECT, UPDATE')))
            """));
        Assert.Equal(0L, await ScalarAsync(connection, """
            SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname IN ('kataven', 'orleans', 'public') AND has_function_privilege(p.oid, 'EXECUTE')
            """));
        await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(connection, "SELECT count(*) FROM public.accounts"));
    }

    [Fact]
    public async Task A_role_that_may_insert_accounts_needs_nothing_else()
    {
        await _database.ExecuteAsync($"""
            GRANT CONNECT ON DATABASE {_database.Name} TO {_role};
            GRANT USAGE ON SCHEMA public TO {_role};
            GRANT INSERT ON public.accounts TO {_role}
            """);
        await using (var connection = await _database.OpenAsync(AsStranger))
        {
            await ScalarAsync(connection, """
                INSERT INTO accounts (account_id, account_name, database_name, status)
                VALUES ('acme', 'Acme', 'acme', 'active')
                """);
        }

        Assert.Equal(1L, await _database.ScalarAsync<long>("SELECT count(*) FROM public.accounts WHERE version > 0"));
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
