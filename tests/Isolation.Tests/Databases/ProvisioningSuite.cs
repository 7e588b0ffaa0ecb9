using System.Collections.Concurrent;
using Kataven.Accounts;
using Kataven.Isolation.Tests.Servers;
using Npgsql;

namespace Kataven.Isolation.Tests.Databases;

/// <summary>There is no moment at which others can enter a database that is being made.</summary>
public abstract class ProvisioningSuite(ArenaService service) : ServerSuite(service, onEach: true)
{
    private const int Accounts = 8;

    [Fact]
    public async Task Another_accounts_role_cannot_enter_a_database_at_any_moment_of_its_making()
    {
        var login = await Service.LoginOfAsync(Service.Arena.Hostile);
        var slugs = Enumerable.Range(0, Accounts).Select(i => $"making-{i}-{Guid.NewGuid():N}"[..20]).ToList();
        var refusals = new ConcurrentDictionary<string, int>();
        using var made = new CancellationTokenSource();
        var knocking = Task.Run(() => KnockAsync(login, slugs, refusals, made.Token), CancellationToken.None);
        foreach (var slug in slugs)
        {
            var result = await Service.Grains.GetGrain<IAccountGrain>(slug).CreateAsync(new NewAccount(slug, null, AccountLimits.Default));
            Assert.Null(result.Refusal);
        }

        await made.CancelAsync();
        Assert.Equal(0, await knocking);
        Assert.True(refusals.ContainsKey(PostgresErrorCodes.InvalidCatalogName), "It was knocked at before there was a database.");
        Assert.All(refusals.Keys, code => Assert.Contains(code, (string[])["3D000", "42501", "55000"]));
        foreach (var slug in slugs)
        {
            Assert.Equal("", await Service.SystemScalarAsync<string>(
                "SELECT coalesce(string_agg(a.privilege_type, ','), '') FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = $1 AND a.grantee = 0", slug));
        }
    }

    /// <summary>How often it was let in.</summary>
    private static async Task<int> KnockAsync(
        NpgsqlConnectionStringBuilder login, List<string> slugs, ConcurrentDictionary<string, int> refusals, CancellationToken made)
    {
        var entered = 0;
        while (!made.IsCancellationRequested)
        {
            foreach (var slug in slugs)
            {
                await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(login.ConnectionString) { Database = slug }.ConnectionString);
                try
                {
                    await connection.OpenAsync(CancellationToken.None);
                    entered++;
                }
                catch (PostgresException refused)
                {
                    refusals.AddOrUpdate(refused.SqlState, 1, (_, count) => count + 1);
                }
            }
        }

        return entered;
    }
}
