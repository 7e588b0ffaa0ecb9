using System.Diagnostics;
using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Operations;
using Kataven.Rollouts;
using Kataven.Testing;

namespace Kataven.Cluster.Tests.Rollouts;

public sealed class RolloutTests(RolloutSilos silos) : IClassFixture<RolloutSilos>
{
    private FakeAccounts Accounts => silos.Accounts;

    [Fact]
    public async Task Canaries_are_done_before_anybody_else_begins_and_waves_follow()
    {
        await silos.ResetAsync("a", "b", "c", "d", "e", "f");
        Accounts.Hold("e");
        var rollout = await silos.StartAsync(RolloutSilos.Request(waveSize: 2, canaries: ["e", "f"]));
        await RolloutSilos.WaitAsync(rollout, state => state.Succeeded == 1, "one canary is done");
        await silos.BegunAsync("e", "f");
        Assert.Equal(["e", "f"], Accounts.Begun.Order());

        Accounts.Release("e");
        var ended = await RolloutSilos.EndAsync(rollout);

        Assert.Equal((RolloutStatus.Succeeded, 6, 6, 0, 0, 2), (ended.Status, ended.Total, ended.Succeeded, ended.Failed, ended.Pending, ended.Wave));
        Assert.Equal(["a", "b"], Accounts.Begun.Skip(2).Take(2).Order());
        Assert.Equal(["c", "d"], Accounts.Begun.Skip(4).Order());
        Assert.Equal(RolloutSilos.Target, ended.Request.Target);
    }

    [Fact]
    public async Task As_many_as_may_are_under_way_at_once()
    {
        string[] accounts = ["a", "b", "c", "d", "e"];
        await silos.ResetAsync(accounts);
        Accounts.Hold(accounts);
        var rollout = await silos.StartAsync(RolloutSilos.Request(parallelism: 3));
        await silos.BegunAsync("a", "b", "c");
        Assert.Equal((5, 3), ((await RolloutSilos.GetAsync(rollout)).Pending, Accounts.Begun.Count));

        Accounts.Release(accounts);
        await RolloutSilos.EndAsync(rollout);

        Assert.Equal((3, 5), (Accounts.Most, Accounts.Applied.Distinct().Count()));
    }

    [Fact]
    public async Task More_failures_than_allowed_stop_it()
    {
        await silos.ResetAsync("a", "b", "c", "d", "e");
        Accounts.Failing.UnionWith(["b", "c"]);

        var ended = await RolloutSilos.EndAsync(await silos.StartAsync(RolloutSilos.Request(parallelism: 1, maxFailures: 1)));

        Assert.Equal((RolloutStatus.Stopped, 1, 2, 2), (ended.Status, ended.Succeeded, ended.Failed, ended.Pending));
        Assert.Equal(["a", "b", "c"], Accounts.Begun);
        Assert.Equal(
            [new RolloutFailure("b", RolloutSilos.Target, "23505", "not unique"), new RolloutFailure("c", RolloutSilos.Target, "23505", "not unique")],
            ended.Failures);
    }

    [Fact]
    public async Task As_many_failures_as_allowed_are_listed_and_the_others_are_done()
    {
        await silos.ResetAsync("a", "b", "c");
        Accounts.Failing.Add("a");

        var ended = await RolloutSilos.EndAsync(await silos.StartAsync(RolloutSilos.Request(maxFailures: 1, canaries: ["a"])));

        Assert.Equal((RolloutStatus.Succeeded, 2, 1, 0), (ended.Status, ended.Succeeded, ended.Failed, ended.Pending));
        Assert.Equal(["a"], ended.Failures.Select(failure => failure.AccountId));
    }

    [Fact]
    public async Task A_pause_lets_nothing_new_begin_until_it_is_resumed()
    {
        await silos.ResetAsync("a", "b", "c");
        Accounts.Hold("a", "b");
        var rollout = await silos.StartAsync(RolloutSilos.Request(parallelism: 1));
        await silos.BegunAsync("a");

        Assert.Equal(RolloutStatus.Paused, (await rollout.PauseAsync()).Rollout?.Status);
        Accounts.Release("a");
        await RolloutSilos.WaitAsync(rollout, state => state.Succeeded == 1, "what ran has ended");
        Assert.Equal(RolloutStatus.Paused, (await rollout.PauseAsync()).Rollout?.Status);
        Assert.Equal(["a"], Accounts.Begun);

        Assert.Equal(RolloutStatus.Running, (await rollout.ResumeAsync()).Rollout?.Status);
        Accounts.Release("b");
        Assert.Equal(RolloutStatus.Succeeded, (await RolloutSilos.EndAsync(rollout)).Status);
        Assert.Equal(["a", "b", "c"], Accounts.Applied);
        Assert.Equal(ErrorCode.InvalidRequest, (await rollout.PauseAsync()).Refusal?.Code);
        Assert.Equal(ErrorCode.InvalidRequest, (await rollout.ResumeAsync()).Refusal?.Code);
    }

    [Fact]
    public async Task An_abortion_lets_what_runs_end_and_nothing_else_begin()
    {
        await silos.ResetAsync("a", "b", "c");
        Accounts.Hold("a");
        var rollout = await silos.StartAsync(RolloutSilos.Request(parallelism: 1));
        await silos.BegunAsync("a");

        var aborted = (await rollout.AbortAsync()).Rollout!;
        Accounts.Release("a");
        var ended = await RolloutSilos.EndAsync(rollout);

        Assert.Equal((RolloutStatus.Aborted, null, 3), (aborted.Status, aborted.FinishedAt, aborted.Pending));
        Assert.Equal((RolloutStatus.Aborted, 1, 2), (ended.Status, ended.Succeeded, ended.Pending));
        Assert.Equal(["a"], Accounts.Begun);
        Assert.Equal(RolloutStatus.Aborted, (await rollout.AbortAsync()).Rollout?.Status);
        Assert.Equal(ErrorCode.InvalidRequest, (await rollout.ResumeAsync()).Refusal?.Code);
    }

    [Fact]
    public async Task One_runs_at_a_time()
    {
        await silos.ResetAsync("a");
        Accounts.Hold("a");
        var first = await silos.StartAsync(RolloutSilos.Request());

        var second = await silos.Board.StartAsync(RolloutSilos.Request());

        Assert.Equal((ErrorCode.RolloutRunning, first.GetPrimaryKey()), (second.Refusal?.Code, second.Refusal?.OperationId));
        Accounts.Release("a");
        await RolloutSilos.EndAsync(first);
        var third = await silos.StartAsync(RolloutSilos.Request());
        Assert.Equal(1, (await RolloutSilos.EndAsync(third)).Succeeded);
        Assert.Equal([third.GetPrimaryKey(), first.GetPrimaryKey()], (await silos.Board.ListAsync()).Take(2).Select(rollout => rollout.Id));
        Assert.Equal(["a"], Accounts.Applied);
    }

    [Fact]
    public async Task An_account_that_is_busy_is_tried_again_at_the_end()
    {
        await silos.ResetAsync("a", "b", "c");
        Accounts.Hold("a");
        var account = AccountId.Parse("a");
        var other = silos.Cluster.From(0).GetGrain<IOperationGrain>(Guid.NewGuid());
        await other.StartAsync(new OperationRequest(OperationKind.Restore, account, "{}", [account], "tester"));
        var rollout = await silos.StartAsync(RolloutSilos.Request(waveSize: 1));
        await RolloutSilos.WaitAsync(rollout, state => state.Succeeded == 2, "the others are done");

        Accounts.Release("a");
        var ended = await RolloutSilos.EndAsync(rollout);

        Assert.Equal((RolloutStatus.Succeeded, 3), (ended.Status, ended.Succeeded));
        Assert.Equal(["b", "c", "a"], Accounts.Applied);
    }

    /// <summary>As where its answer was lost, or a silo that was frozen comes to it late.</summary>
    [Fact]
    public async Task An_operation_that_is_begun_again_under_its_id_runs_once()
    {
        await silos.ResetAsync("a");
        Accounts.Hold("a");
        var account = AccountId.Parse("a");
        var request = new OperationRequest(OperationKind.Migration, account, $$"""{"target":{{RolloutSilos.Target}}}""", [account], "tester");
        var operation = silos.Cluster.From(0).GetGrain<IOperationGrain>(Guid.NewGuid());
        var first = await operation.StartAsync(request);
        var second = await silos.Cluster.From(0).GetGrain<IOperationGrain>(operation.GetPrimaryKey()).StartAsync(request);
        Accounts.Release("a");
        await operation.WaitAsync();
        var late = await operation.StartAsync(request);

        Assert.Equal((OperationStatus.Running, OperationStatus.Running, OperationStatus.Succeeded), (first.Operation!.Status, second.Operation!.Status, late.Operation!.Status));
        Assert.Equal(["a"], Accounts.Begun);
        Assert.Null((await silos.Cluster.From(0).GetGrain<IOperationGrain>(Guid.NewGuid()).StartAsync(request)).Refusal);
    }

    [Fact]
    public async Task A_migration_to_the_same_version_that_runs_already_is_waited_for()
    {
        await silos.ResetAsync("a", "b");
        Accounts.Hold("a");
        var account = AccountId.Parse("a");
        var arguments = $$"""{"target":{{RolloutSilos.Target}}}""";
        await silos.Cluster.From(0).GetGrain<IOperationGrain>(Guid.NewGuid())
            .StartAsync(new OperationRequest(OperationKind.Migration, account, arguments, [account], "tester"));
        var operations = await OperationsAsync("a");
        var rollout = await silos.StartAsync(RolloutSilos.Request(waveSize: 1));
        Rollout? paused = null;
        await Eventually.Async(
            async () =>
            {
                // A pause waits for what is under way: one that answers at once came before the account's turn.
                var asked = Stopwatch.GetTimestamp();
                paused = (await rollout.PauseAsync()).Rollout;
                await rollout.ResumeAsync();
                return Stopwatch.GetElapsedTime(asked) >= TimeSpan.FromSeconds(1.5);
            },
            Promised.Within(seconds: 20),
            "the account's migration is waited for");

        Accounts.Release("a");
        var ended = await RolloutSilos.EndAsync(rollout);

        Assert.Equal((0, 1), (paused?.Succeeded, paused?.Wave));
        Assert.Equal((RolloutStatus.Succeeded, 2), (ended.Status, ended.Succeeded));
        Assert.Equal(["a", "b"], Accounts.Applied);
        Assert.Equal(operations, await OperationsAsync("a"));
    }

    [Fact]
    public async Task An_activation_whose_state_another_one_wrote_ends_and_the_rollout_goes_on()
    {
        await silos.ResetAsync("a", "b", "c");
        Accounts.Hold("a");
        var operations = await OperationsAsync("a", "b", "c");
        var rollout = await silos.StartAsync(RolloutSilos.Request(waveSize: 1));
        await silos.BegunAsync("a");
        // Written last was the rollout's state, before its wave began.
        Assert.Equal(1, await silos.Server.ExecuteAsync(
            "UPDATE orleans.OrleansStorage SET Version = Version + 1 WHERE ctid = (SELECT ctid FROM orleans.OrleansStorage ORDER BY ModifiedOn DESC LIMIT 1)"));

        Accounts.Release("a");
        var ended = await RolloutSilos.EndAsync(rollout);

        Assert.Equal((RolloutStatus.Succeeded, 3), (ended.Status, ended.Succeeded));
        Assert.Equal(["a", "b", "c"], Accounts.Applied);
        Assert.Equal(operations + 3, await OperationsAsync("a", "b", "c"));
    }

    [Fact]
    public async Task Accounts_that_come_meanwhile_are_part_of_it_and_suspended_ones_are_not()
    {
        await silos.ResetAsync("b", "c");
        await silos.AddAsync("d", "suspended");
        Accounts.Hold("c");
        var rollout = await silos.StartAsync(RolloutSilos.Request());
        await silos.BegunAsync("b", "c");

        await silos.AddAsync("a");
        await silos.AddAsync("e");
        Accounts.Release("c");
        var ended = await RolloutSilos.EndAsync(rollout);

        Assert.Equal((RolloutStatus.Succeeded, 4, 0), (ended.Status, ended.Succeeded, ended.Pending));
        Assert.Equal(["a", "b", "c", "e"], Accounts.Applied.Order());
    }

    [Theory]
    [InlineData("nobody", null, "nobody")]
    [InlineData("b", null, "\"b\"")]
    [InlineData("a", 7, "7")]
    public async Task A_canary_or_a_target_that_is_not_there_is_refused_by_name(string canary, int? target, string named)
    {
        await silos.ResetAsync("a");
        await silos.AddAsync("b", "suspended");

        var result = await silos.Board.StartAsync(RolloutSilos.Request(canaries: [canary]) with { Target = target });

        Assert.Equal(ErrorCode.InvalidRequest, result.Refusal?.Code);
        Assert.Contains(named, result.Refusal!.Detail, StringComparison.Ordinal);
        Assert.Empty(Accounts.Begun);
    }

    [Fact]
    public async Task What_was_forgotten_is_gone_from_the_list_and_from_the_table()
    {
        await silos.ResetAsync("a");
        var rollout = await silos.StartAsync(RolloutSilos.Request());
        var ended = await RolloutSilos.EndAsync(rollout);
        await silos.Board.ForgetAsync(ended.FinishedAt!.Value);
        Assert.Contains(ended.Id, (await silos.Board.ListAsync()).Select(kept => kept.Id));

        await silos.Board.ForgetAsync(ended.FinishedAt.Value.AddTicks(1));

        Assert.Empty(await silos.Board.ListAsync());
        Assert.Equal(ErrorCode.RolloutNotFound, (await rollout.GetAsync(withFailures: false)).Refusal?.Code);
        Assert.Equal(0, await silos.Server.ScalarAsync<long>("SELECT count(*) FROM kataven.rollout_account"));
    }

    private Task<long> OperationsAsync(params string[] accounts) =>
        silos.Server.ScalarAsync<long>("SELECT count(*) FROM kataven.operation WHERE kind = 'migration' AND account_id = ANY ($1)", [accounts]);
}
