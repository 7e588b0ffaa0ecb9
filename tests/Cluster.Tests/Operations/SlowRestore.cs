using Kataven.Testing;

namespace Kataven.Cluster.Tests.Operations;

/// <summary>A restore in place that takes its time: the backup has a constraint whose function does.</summary>
public sealed class SlowRestore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly KilledService _service;
    private readonly Guid _backup;

    private SlowRestore(KilledService service, FleetAccount account, Guid backup) => (_service, Account, _backup) = (service, account, backup);

    public FleetAccount Account { get; }

    public Guid Operation { get; private set; }

    public static async Task<SlowRestore> MakeAsync(KilledService service)
    {
        var account = await FleetAccount.CreateAsync(service);
        await account.RunAsync("CREATE FUNCTION slow(integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_catalog.pg_sleep(1); RETURN true; END $$");
        await account.RunAsync("ALTER TABLE item ADD CONSTRAINT slow CHECK (slow(id))");
        var backup = await account.BackUpAsync();
        await account.RunAsync("ALTER TABLE item DROP CONSTRAINT slow");
        await account.SetAsync(FleetAccount.New);
        return new SlowRestore(service, account, backup);
    }

    /// <summary>Returns while the database is being filled.</summary>
    public async Task BeginAsync()
    {
        Operation = await Account.BeginAsync(HttpMethod.Post, "/restores", new { backup_id = _backup });
        await Eventually.Async(
            async () => await _service.ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE datname = '_{Operation:N}' AND wait_event = 'PgSleep'") > 0,
            Patience,
            "the database is being filled");
    }
}
