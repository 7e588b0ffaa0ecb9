using System.Net;
using System.Text.Json;
using Kataven.Testing;
using Kataven.Testing.Cluster;

namespace Kataven.Processes.Tests;

[Collection<StandingClusterCollection>]
public sealed class KilledOwnerTests(StandingCluster standing)
{
    private const string Account = "heldbyone";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_silo_that_is_killed_takes_its_transactions_with_it_and_a_commit_under_way_is_unknown()
    {
        var cluster = await standing.WholeAsync();
        await cluster.CreateAccountAsync(Account);
        var (one, other) = (cluster.CallsOf(cluster.Fronts[0]), cluster.CallsOf(cluster.Fronts[1]));
        await DoneAsync(one, "CREATE TABLE item (id int)");
        await DoneAsync(one, "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(20); RETURN NULL; END $$");
        await DoneAsync(one, "CREATE TABLE slow (id int)");
        await DoneAsync(one, "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()");
        var (idle, running, committing) = (await BeginAsync(one), await BeginAsync(one), await BeginAsync(one));
        // Begun at one front door, they are there for the other.
        foreach (var (id, sql) in new[] { (idle, "LOCK TABLE item"), (running, "SELECT 1"), (committing, "INSERT INTO slow VALUES (1)") })
        {
            Assert.Equal(HttpStatusCode.OK, (await QueryAsync(other, id, sql)).Status);
        }

        var statement = QueryAsync(one, running, "SELECT pg_sleep(20)");
        var commit = CommitAsync(one, committing);
        await Eventually.Async(
            async () => await standing.Server.ScalarAsync<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND state = 'active' AND (query = 'COMMIT' OR query LIKE '%pg_sleep%')", Account) == 2,
            Patience,
            "a statement and a commit are under way");
        var owner = (await cluster.PlacesAsync())[Account];

        await cluster.Silos.Single(silo => silo.Name == owner).KillAsync();

        AssertCode(HttpStatusCode.Gone, "transaction_lost", await statement);
        AssertCode(HttpStatusCode.ServiceUnavailable, "outcome_unknown", await commit);
        AssertCode(HttpStatusCode.Gone, "transaction_lost", await QueryAsync(other, idle, "SELECT 1"));
        AssertCode(HttpStatusCode.Gone, "transaction_lost", await CommitAsync(other, idle));
        await DoneAsync(other, "INSERT INTO item VALUES (1)");
    }

    private static async Task<string> BeginAsync(ClusterCalls calls)
    {
        var (status, body) = await calls.CallAsync(Account, HttpMethod.Post, "/api/transactions", new { });
        Assert.Equal(HttpStatusCode.Created, status);
        return body.GetProperty("transaction_id").GetString()!;
    }

    private static Task<(HttpStatusCode Status, JsonElement Body)> QueryAsync(ClusterCalls calls, string id, string sql) =>
        calls.CallAsync(Account, HttpMethod.Post, $"/api/transactions/{id}/query", new { sql });

    private static Task<(HttpStatusCode Status, JsonElement Body)> CommitAsync(ClusterCalls calls, string id) =>
        calls.CallAsync(Account, HttpMethod.Put, $"/api/transactions/{id}/commit");

    private static async Task DoneAsync(ClusterCalls calls, string sql)
    {
        var (status, body) = await calls.QueryAsync(Account, sql);
        Assert.True(status == HttpStatusCode.OK, $"{status} {body}");
    }

    private static void AssertCode(HttpStatusCode status, string code, (HttpStatusCode Status, JsonElement Body) answer) =>
        Assert.True((status, code) == (answer.Status, answer.Body.GetProperty("code").GetString()), $"{answer.Status} {answer.Body}");
}
