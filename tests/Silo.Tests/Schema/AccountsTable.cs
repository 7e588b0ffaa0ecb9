using Kataven.Testing;

namespace Kataven.Silo.Tests.Schema;

/// <summary>A system database for all tests of its table of accounts, each of which finds it empty.</summary>
public sealed class AccountsTable(PostgresFixture postgres) : IAsyncLifetime
{
    private SystemDatabase? _database;

    internal SystemDatabase Database => _database ?? throw new InvalidOperationException("The fixture has not been started.");

    internal Task EmptyAsync() => Database.ExecuteAsync("TRUNCATE public.accounts CASCADE; DELETE FROM kataven.account_change");

    public async ValueTask InitializeAsync() => _database = await SystemDatabase.CreateAsync(postgres.ConnectionString);

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
