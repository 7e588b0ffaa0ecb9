using Kataven.Isolation.Tests.Attacks;
using Kataven.Testing;
using Kataven.Testing.Service;
using Npgsql;

namespace Kataven.Isolation.Tests.Servers;

/// <summary>A service with a hostile account and its victim, and what its tests need to look behind its back.</summary>
public abstract class ArenaService : ServiceFixture
{
    protected ArenaService(PrivatePostgresFixture postgres) : base(postgres)
    {
    }

    public Arena Arena { get; private set; } = null!;

    /// <summary>Why its server cannot be had on this machine; null where it can.</summary>
    public string? Unavailable { get; protected set; }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Arena = await Arena.OpenAsync(this);
    }

    /// <summary>Runs as the server's superuser, behind the service's back.</summary>
    public async Task SuperuserAsync(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
        // DROP DATABASE waits for every backend of the server, also for one that is kept from listening.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> SuperuserScalarAsync<T>(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public Task<string> RoleOfAsync(string account) =>
        SystemScalarAsync<string>("SELECT role_name FROM public.accounts WHERE account_id = $1", account);

    /// <summary>What the account's role logs in with, to the account's database.</summary>
    public async Task<NpgsqlConnectionStringBuilder> LoginOfAsync(string account) => new(ConnectionString)
    {
        Database = account,
        Username = await RoleOfAsync(account),
        Password = await SystemScalarAsync<string>("SELECT password FROM kataven.credentials WHERE account_id = $1", account),
        Options = null,
    };

    /// <summary>The account's next request opens a lane of its own.</summary>
    public async Task CloseLanesAsync(string account)
    {
        var reply = await AdminClient().CallAsync(HttpMethod.Delete, $"/api/admin/pools/{account}");
        Assert.Equal(204, reply.Status);
    }

    /// <summary>An account with one marked row.</summary>
    public async Task<(string Account, string Mark)> NewMarkedAccountAsync(string prefix)
    {
        var account = await NewAccountAsync(prefix);
        var mark = "mark-" + Guid.NewGuid().ToString("N");
        await QueryAsync(account, "CREATE TABLE marked (mark text)");
        await QueryAsync(account, "INSERT INTO marked VALUES ($1)", mark);
        return (account, mark);
    }

    /// <summary>A database that somebody made by hand, and its row in <c>accounts</c>, put there by hand as well.</summary>
    public async Task<string> NewHandMadeAsync(string prefix, params string[] statements)
    {
        var slug = $"{prefix}-{Guid.NewGuid():N}"[..(prefix.Length + 9)];
        await SuperuserAsync("postgres", $"CREATE DATABASE \"{slug}\"");
        await using (var connection = await OpenInAsync(slug))
        {
            foreach (var statement in statements)
            {
                await using var command = new NpgsqlCommand(statement, connection);
                await command.ExecuteNonQueryAsync();
            }
        }

        await SuperuserAsync("system", $"INSERT INTO public.accounts (account_id, account_name, database_name, status) VALUES ('{slug}', '{slug}', '{slug}', 'active')");
        return slug;
    }

    /// <summary>CREATE DATABASE and what is done to roles may as well be done from the system database, whose connections are pooled.</summary>
    private Task<NpgsqlConnection> OpenAsync(string database) => database is "system" or "postgres" ? OpenSystemAsync() : OpenInAsync(database);
}
