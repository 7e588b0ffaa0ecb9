using Kataven.Cluster.Tests.Silos;
using Kataven.Grains.Operations;
using Kataven.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Runtime;

namespace Kataven.Cluster.Tests.Tenants;

/// <summary>Two silos that migrate accounts at their first use, and that have <see cref="HeldOperation"/> among their operations.</summary>
public sealed class HeldSilos : TwoSilos
{
    /// <summary>Each notes that it ran. Requests are let in again after the second, and the column is the last one's.</summary>
    private static readonly (string Name, string Sql)[] Scripts =
    [
        ("V0001__items.sql", "create table item (id int primary key); create table ran (version int not null)"),
        ("V0002__what_takes_its_time.sql", "insert into ran values (2); do $$ begin perform pg_sleep(0.3); end $$"),
        ("V0003__what_needs_no_transaction.sql", """
            -- kataven: no transaction
            insert into ran values (3);
            create index concurrently item_next on item ((id + 1));
            do $$ begin perform pg_sleep(0.3); end $$;
            """),
        ("V0004__prices.sql", "insert into ran values (4); alter table item add column price int"),
    ];

    private readonly string _scripts = Directory.CreateTempSubdirectory("kataven-scripts-").FullName;

    public HeldSilos(ClusterServer server) : base(server)
    {
        foreach (var (name, sql) in Scripts)
        {
            File.WriteAllText(Path.Combine(_scripts, name), sql);
        }
    }

    /// <summary>The one of the test that runs.</summary>
    internal HeldOperation Operation { get; set; } = new();

    protected override (string Key, string Value)[] Settings =>
    [
        ("Kataven:Migrations:Directory", _scripts),
        ("Kataven:Migrations:AtFirstUse", "true"),
        // Ten seconds, as by default, for a machine that does nothing else.
        ("Kataven:Tenants:HeldRequestTimeout", Promised.Within(seconds: 10).ToString()),
    ];

    protected override void Configure(ISiloBuilder silo) => silo.Services.AddSingleton<IOperationWork>(provider =>
        new HeldOperation.Work(this, provider.GetRequiredService<ILocalSiloDetails>().Name, provider.GetRequiredService<AccountHolds>()));

    /// <summary>An account of which nobody has asked anything yet, at version 1.</summary>
    public async Task<TestAccount> NewBehindAsync()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Database = account.Id.Value }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            "TRUNCATE ran; DROP INDEX item_next; ALTER TABLE item DROP COLUMN price; DELETE FROM _kataven.migration WHERE version > 1", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, await Server.ExecuteAsync($"UPDATE kataven.account_state SET schema_version = 1 WHERE account_id = '{account.Id}'"));
        return account;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_scripts, recursive: true);
    }
}
