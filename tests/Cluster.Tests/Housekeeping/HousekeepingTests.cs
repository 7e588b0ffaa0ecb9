using Kataven.Cluster.Tests.Silos;
using Kataven.Housekeeping;
using Kataven.Testing;

namespace Kataven.Cluster.Tests.Housekeeping;

[Collection<TwoSilosCollection>]
public sealed class HousekeepingTests(TwoSilos silos)
{
    private SiloCluster Cluster => silos.Cluster;

    [Fact]
    public async Task What_is_older_than_it_is_kept_is_deleted_and_nothing_else()
    {
        // More than a batch.
        await Cluster.Server.ExecuteAsync("""
            INSERT INTO kataven.audit (at, actor, action, outcome) SELECT now() - interval '401 days', 'tidy', 'old', 'succeeded' FROM generate_series(1, 2500);
            INSERT INTO kataven.audit (at, actor, action, outcome) VALUES (now() - interval '399 days', 'tidy', 'young', 'succeeded');
            INSERT INTO kataven.operation (operation_id, kind, account_id, status, arguments, actor, created_at, finished_at)
            VALUES (gen_random_uuid(), 'old', 'tidy', 'succeeded', '{}', 'tidy', now() - interval '402 days', now() - interval '401 days'),
                   (gen_random_uuid(), 'long', 'tidy', 'failed', '{}', 'tidy', now() - interval '402 days', now() - interval '399 days')
            """);

        await Cluster.From(0).GetGrain<IHousekeepingGrain>(0).TidyAsync();

        Assert.Equal("young", await Cluster.Server.ScalarAsync<string>("SELECT string_agg(action, ',') FROM kataven.audit WHERE actor = 'tidy'"));
        Assert.Equal("long", await Cluster.Server.ScalarAsync<string>("SELECT string_agg(kind, ',') FROM kataven.operation WHERE actor = 'tidy'"));
    }

    [Fact]
    public Task Every_start_of_a_silo_sees_to_it_that_it_comes_again() => Eventually.Async(
        async () => await Cluster.Server.ScalarAsync<long>("SELECT count(*) FROM orleans.OrleansRemindersTable WHERE ReminderName = 'tidy up'") > 0,
        Promised.Within(seconds: 5),
        "there is a reminder");
}
