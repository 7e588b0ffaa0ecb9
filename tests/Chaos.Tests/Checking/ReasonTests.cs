using Kataven.Chaos.Checking;
using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Tests.Checking;

public sealed class ReasonTests
{
    private const string Reads = "a read does not fail without a reason";
    private const string Others = "a request does not fail without a reason";

    [Theory]
    [InlineData(nameof(DisturbanceKind.RestartPostgresFast), "database_unavailable")]
    [InlineData(nameof(DisturbanceKind.RestartPostgresImmediate), "overloaded")]
    [InlineData(nameof(DisturbanceKind.KillFront), "connection_lost")]
    [InlineData(nameof(DisturbanceKind.CutClients), "connection_lost")]
    public void A_read_may_fail_for_its_reason(string kind, string code) =>
        Assert.Empty(new Story().Disturb(Enum.Parse<DisturbanceKind>(kind), 1, 2, 4).FailedRead(1.5, 3, code).Check());

    [Theory]
    [InlineData(nameof(DisturbanceKind.KillSilo), "database_unavailable")]
    [InlineData(nameof(DisturbanceKind.FreezeSilo), "overloaded")]
    [InlineData(nameof(DisturbanceKind.StopSilo), "query_timeout")]
    [InlineData(nameof(DisturbanceKind.CutDatabase), "database_unavailable")]
    [InlineData(nameof(DisturbanceKind.KillSilo), "outcome_unknown")]
    [InlineData(nameof(DisturbanceKind.StopFront), "connection_lost")]
    [InlineData(nameof(DisturbanceKind.RestartPostgresFast), "connection_lost")]
    [InlineData(nameof(DisturbanceKind.Restore), "account_held")]
    [InlineData(nameof(DisturbanceKind.Rollout), "account_inactive")]
    public void A_read_that_fails_for_something_else_is_found(string kind, string code) =>
        Found(Reads, new Story().Disturb(Enum.Parse<DisturbanceKind>(kind), 1, 2, 4, Story.Account).FailedRead(1.5, 3, code));

    [Theory]
    [InlineData(nameof(DisturbanceKind.KillSilo), "outcome_unknown")]
    [InlineData(nameof(DisturbanceKind.FreezeSilo), "transaction_lost")]
    [InlineData(nameof(DisturbanceKind.CutDatabase), "outcome_unknown")]
    [InlineData(nameof(DisturbanceKind.RestartPostgresFast), "outcome_unknown")]
    [InlineData(nameof(DisturbanceKind.KillFront), "connection_lost")]
    [InlineData(nameof(DisturbanceKind.StopSilo), "transaction_lost")]
    [InlineData(nameof(DisturbanceKind.Restore), "transaction_lost")]
    [InlineData(nameof(DisturbanceKind.FreezeFront), "transaction_lost")]
    [InlineData(nameof(DisturbanceKind.FreezeFront), "outcome_unknown")]
    public void A_write_may_fail_for_its_reason(string kind, string code) =>
        Assert.Empty(new Story().Disturb(Enum.Parse<DisturbanceKind>(kind), 1, 2, 4, Story.Account).Write("a", 1.5, 3, Outcome.Unknown, code: code).Look(10, "").Check());

    [Theory]
    [InlineData(nameof(DisturbanceKind.StopSilo), "outcome_unknown")]
    [InlineData(nameof(DisturbanceKind.StopSilo), "database_unavailable")]
    [InlineData(nameof(DisturbanceKind.StopFront), "connection_lost")]
    [InlineData(nameof(DisturbanceKind.Restore), "outcome_unknown")]
    [InlineData(nameof(DisturbanceKind.Suspension), "overloaded")]
    [InlineData(nameof(DisturbanceKind.FreezeFront), "database_unavailable")]
    public void A_write_that_fails_for_something_else_is_found(string kind, string code) =>
        Found(Others, new Story().Disturb(Enum.Parse<DisturbanceKind>(kind), 1, 2, 4, Story.Account).Write("a", 1.5, 3, Outcome.Unknown, code: code).Look(10, ""));

    [Theory]
    [InlineData(ActionKind.Interactive, 20, 35, true)]
    [InlineData(ActionKind.Interactive, 35, 50, false)]
    [InlineData(ActionKind.Insert, 20, 35, false)]
    public void No_place_for_a_transaction_is_a_reason_while_one_that_was_abandoned_has_its_lease(object kind, double from, double to, bool may) =>
        Assert.Equal(may, new Story().Disturb(DisturbanceKind.KillFront, 1, 2, 4).Write("a", from, to, Outcome.Refused, (ActionKind)kind, "overloaded").Look(60, "").Check() is []);

    [Fact]
    public void A_read_that_fails_long_after_PostgreSQL_is_back_is_found() =>
        Found(Reads, new Story().Disturb(DisturbanceKind.RestartPostgresFast, 1, 2, 4).FailedRead(23, 24, "database_unavailable"));

    [Fact]
    public void A_suspended_account_is_refused_and_nothing_is_wrong_with_that() =>
        Assert.Empty(new Story().Suspend(1, 2, 5, 6).FailedRead(3, 4, "account_inactive").Check());

    [Fact]
    public void An_answer_of_a_suspended_account_is_found() => Found("suspended account", new Story().Suspend(1, 2, 5, 6).Read(3, 4, 0));

    [Fact]
    public void A_connection_of_a_suspended_account_is_found() => Found("suspended account", new Story().Suspend(1, 2, 5, 6, left: 1));

    [Theory]
    [InlineData("internal_error")]
    [InlineData("isolation_violation")]
    public void An_answer_that_must_never_be_is_found(string code) =>
        Found("no answer is one that must not be", new Story().Write("a", 1, 2, Outcome.Refused, code: code).Look(10, ""));

    [Theory]
    [InlineData("budget", "the budget is never exceeded")]
    [InlineData("acme", "never more than its max_lanes")]
    public void Too_many_connections_are_found(string of, string rule) => Found(rule, new Story().Exceed(of, 4, 3));

    [Fact]
    public void The_effect_of_a_silo_that_woke_is_found() => Found("a silo that wakes has no effect", new Story()
        .Disturb(DisturbanceKind.FreezeSilo, 1, 11, 14, "silo1")
        .Write("a", 0.9, 4, Outcome.Unknown, code: "outcome_unknown")
        .Write("b", 5, 6)
        .Look(20, "a@11.1 b@5.5"));

    [Fact]
    public void One_before_anybody_else_served_the_account_is_none() => Assert.Empty(new Story()
        .Disturb(DisturbanceKind.FreezeSilo, 1, 11, 14, "silo1")
        .Write("a", 0.9, 4, Outcome.Unknown, code: "outcome_unknown")
        .Write("b", 5, 12)
        .Look(20, "a@11.1 b@11.9")
        .Check());

    [Theory]
    [InlineData(4, 2)]
    [InlineData(4, 10.5)]
    [InlineData(12, 13)]
    public void What_was_committed_while_a_silo_was_frozen_or_asked_for_after_it_woke_is_no_such_effect(double answered, double committed) => Assert.Empty(new Story()
        .Disturb(DisturbanceKind.FreezeSilo, 1, 11, 14, "silo1")
        .Write("a", 0.9, answered, Outcome.Unknown, code: "outcome_unknown")
        .Look(20, $"a@{committed.ToString(System.Globalization.CultureInfo.InvariantCulture)}")
        .Check());

    [Fact]
    public void A_write_that_is_committed_after_its_answer_is_found() =>
        Found("between its call and its answer", new Story().Write("a", 1, 2).Look(10, "a@3"));

    [Theory]
    [InlineData(new[] { 1, 1 }, new[] { 1 })]
    [InlineData(new[] { 1, 2 }, new[] { 1 })]
    [InlineData(new[] { 2 }, new[] { 2 })]
    public void A_migration_that_was_applied_otherwise_than_is_noted_is_found(int[] notes, int[] applied) =>
        Found("a migration is applied once", new Story().Look(10, "", notes: notes, applied: applied));

    [Fact]
    public void A_restore_that_fails_without_a_reason_is_found_and_one_that_fails_with_PostgreSQL_is_not()
    {
        Found("an operation fails for a reason", new Story().Disturb(DisturbanceKind.KillSilo, 1, 1, 9).Disturb(DisturbanceKind.Restore, 2, 5, 5, Story.Account, "failed: {}"));
        Assert.Empty(new Story().Disturb(DisturbanceKind.RestartPostgresFast, 1, 2, 4).Disturb(DisturbanceKind.Restore, 2, 5, 5, Story.Account, "failed: {}").Check());
    }

    private static void Found(string rule, Story story) =>
        Assert.Contains(story.Check(), violation => violation.ToString().Contains(rule, StringComparison.Ordinal));
}
