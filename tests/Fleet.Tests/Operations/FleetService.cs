using System.Collections.Concurrent;
using Kataven.Fleet.Tests.Migrations;
using Kataven.Testing;
using Kataven.Testing.Service;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kataven.Fleet.Tests.Operations;

/// <summary>The service with migrations and a store of its own, on a server of its own. Requests are patient.</summary>
public class FleetService : ServiceFixture
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"kataven-fleet-{Guid.NewGuid():N}");

    /// <summary>Where the backups are, as the operator sees them.</summary>
    public string Store => Path.Combine(_folder, "store");

    /// <summary>What is logged, from warnings on, and the scopes that it is logged in.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    protected override string[] Arguments =>
    [
        .. base.Arguments,
        $"--Kataven:Migrations:Directory={Path.Combine(_folder, "migrations")}",
        $"--Kataven:Backups:Directory={Store}",
        // A script waits for as long as a test holds its lock, and one that never ends is ended soon.
        "--Kataven:Migrations:LockTimeout=00:00:40",
        "--Kataven:Migrations:StatementTimeout=00:00:08",
        "--Kataven:Tenants:HeldRequestTimeout=00:00:30",
    ];

    public override async ValueTask InitializeAsync()
    {
        Scripts.Write(Path.Combine(_folder, "migrations"));
        await base.InitializeAsync();
    }

    protected override void Configure(IServiceProvider services) =>
        services.GetRequiredService<ILoggerFactory>().AddProvider(new CapturingLoggerProvider(Log));

    /// <summary>An account that no migration has touched: its row and its database were put there by hand, and it was adopted.</summary>
    public async Task<string> NewBehindAsync(string prefix = "behind")
    {
        var slug = await NewByHandAsync(prefix);
        await Eventually.Async(async () => (await TryQueryAsync(slug, "select 1")).Status == 200, Promised.Within(seconds: 1), "the account is adopted");
        return slug;
    }

    /// <summary>The same, before its first use.</summary>
    public async Task<string> NewByHandAsync(string prefix = "byhand")
    {
        var slug = AccountCalls.Slug(prefix);
        await this.RunAsync("postgres", $"CREATE DATABASE \"{slug}\" TEMPLATE template0");
        await this.RunAsync("system", $"INSERT INTO accounts (account_id, account_name, database_name, status) VALUES ('{slug}', '{slug}', '{slug}', 'active')");
        return slug;
    }

    /// <summary>An account at this version, with these items.</summary>
    public async Task<string> NewAtAsync(int version, params string[] items)
    {
        var slug = await NewBehindAsync($"at{version}");
        (await this.MigrateAsync(slug, new { target = version })).Ok();
        await this.AddItemsAsync(slug, items);
        return slug;
    }

    /// <summary>The backup's files in the store: one, or none.</summary>
    public string[] FilesOf(string backup) => Directory.Exists(Store)
        ? Directory.GetFiles(Store, $"{Guid.Parse(backup):N}*", SearchOption.AllDirectories)
        : [];

    /// <summary>Where the account's backups are, or will be.</summary>
    public async Task<string> FolderOfAsync(string account) => Path.Combine(
        Store, (await SystemScalarAsync<Guid>("SELECT account_uid FROM accounts WHERE account_id = $1", account)).ToString("N"));

    /// <summary>Nothing of the account's can be stored any more: where its folder has to be there is a file.</summary>
    public async Task BlockStoreAsync(string account)
    {
        var folder = await FolderOfAsync(account);
        Directory.CreateDirectory(Store);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        await File.WriteAllTextAsync(folder, "");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }

        GC.SuppressFinalize(this);
    }
}
