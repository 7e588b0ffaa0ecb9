using Kataven.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Orleans.Runtime;

namespace Kataven.Silo.Tests.Clustering;

[Collection<TwoSilosCollection>]
public sealed class MembershipTests(TwoSilos silos)
{
    private const string LockWaiters =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private IMembershipTable Table => silos.First.GetRequiredService<IMembershipTable>();

    [Fact]
    public async Task Two_silos_see_each_other_as_active()
    {
        foreach (var silo in new[] { silos.First, silos.Second })
        {
            var management = silo.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
            await Eventually.Async(
                async () => (await management.GetHosts(onlyActive: true)).Count == 2, Patience, "both silos are active");
        }
    }

    [Fact]
    public async Task A_stopped_silo_is_dead_in_the_table_and_its_row_can_be_cleaned_up()
    {
        var third = await silos.StartAsync();
        var address = TwoSilos.AddressOf(third.Services);
        Assert.Equal(SiloStatus.Active, await StatusOfAsync(address));

        await silos.StopAsync(third);

        Assert.Equal(SiloStatus.Dead, await StatusOfAsync(address));
        var version = (await Table.ReadAllAsync(CancellationToken.None)).Version.Version;
        await Table.CleanupDefunctSiloEntriesAsync(TimeProvider.System.GetUtcNow().AddHours(-1), CancellationToken.None);
        Assert.Equal(SiloStatus.Dead, await StatusOfAsync(address));
        await Table.CleanupDefunctSiloEntriesAsync(TimeProvider.System.GetUtcNow().AddHours(1), CancellationToken.None);
        Assert.Null(await StatusOfAsync(address));
        Assert.Equal(SiloStatus.Active, await StatusOfAsync(TwoSilos.AddressOf(silos.First)));
        Assert.Equal(version, (await Table.ReadAllAsync(CancellationToken.None)).Version.Version);
    }

    [Fact]
    public async Task The_cleanup_of_older_providers_takes_dead_rows_only()
    {
        var third = await silos.StartAsync();
        var address = TwoSilos.AddressOf(third.Services);
        await silos.StopAsync(third);

        await using var connection = await silos.Database.OpenAsync();
        await using var command = new NpgsqlCommand(
            await silos.Database.ScalarAsync<string>(
                "SELECT querytext FROM orleans.orleansquery WHERE querykey = 'CleanupDefunctSiloEntriesKey'"),
            connection);
        command.Parameters.AddWithValue("DeploymentId", TwoSilos.ClusterId);
        command.Parameters.AddWithValue(
            "IAmAliveTime", NpgsqlDbType.TimestampTz, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1));
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        Assert.Null(await StatusOfAsync(address));
        Assert.Equal(SiloStatus.Active, await StatusOfAsync(TwoSilos.AddressOf(silos.Second)));
    }

    [Fact]
    public async Task Of_changes_decided_on_one_version_exactly_one_is_made()
    {
        var table = await Table.ReadAllAsync(CancellationToken.None);
        var entry = table.Members.Single(member => member.Item1.SiloAddress.Equals(TwoSilos.AddressOf(silos.First))).Item1;

        // All four are under way before the first can finish: another session holds the member's row meanwhile.
        await using var holder = await silos.Database.OpenAsync();
        await using var hold = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("SELECT FROM orleans.orleansmembershiptable FOR UPDATE", holder, hold))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var changes = Enumerable.Range(0, 4).Select(
            _ => Table.UpdateRowAsync(entry, table.Version.VersionEtag, table.Version.Next(), CancellationToken.None)).ToArray();
        await Eventually.Async(
            async () => await silos.Database.ScalarAsync<long>(LockWaiters) >= changes.Length, Patience, "all wait for a row");
        await hold.CommitAsync(TestContext.Current.CancellationToken);
        var made = await Task.WhenAll(changes);

        Assert.Single(made, true);
        Assert.Equal(table.Version.Version + 1, (await Table.ReadAllAsync(CancellationToken.None)).Version.Version);
    }

    [Fact]
    public async Task A_refused_change_leaves_the_version_as_it_was()
    {
        var table = await Table.ReadAllAsync(CancellationToken.None);
        var known = table.Members[0].Item1;
        var unknown = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(known.SiloAddress.Endpoint, known.SiloAddress.Generation + 1),
            Status = SiloStatus.Active,
            SiloName = "unknown",
            HostName = "unknown",
            StartTime = known.StartTime,
            IAmAliveTime = known.IAmAliveTime,
        };

        Assert.False(await Table.InsertRowAsync(known, table.Version.Next(), CancellationToken.None));
        Assert.False(await Table.UpdateRowAsync(unknown, table.Version.VersionEtag, table.Version.Next(), CancellationToken.None));

        Assert.Equal(table.Version.Version, (await Table.ReadAllAsync(CancellationToken.None)).Version.Version);
    }

    private async Task<SiloStatus?> StatusOfAsync(SiloAddress address)
        => (await Table.ReadRowAsync(address, CancellationToken.None)).Members.SingleOrDefault()?.Item1.Status;
}
