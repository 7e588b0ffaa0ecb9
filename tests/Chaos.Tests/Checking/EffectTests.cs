using Kataven.Chaos.Checking;
using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Tests.Checking;

public sealed class EffectTests
{
    [Fact]
    public void What_was_acknowledged_refused_and_unknown_may_be_as_it_should() => Assert.Empty(new Story()
        .Write("a", 1, 2)
        .Write("b", 1, 2, Outcome.Refused)
        .Write("c", 1, 2, Outcome.Unknown)
        .Write("d", 1, 2, Outcome.Unknown)
        .Write("e,f", 2, 3, kind: ActionKind.Pair)
        .Write("g", 3, 4, mark: "told", kind: ActionKind.InsertReturning)
        .Look(10, "a c e f g!told")
        .Check());

    [Theory]
    [InlineData("", "exactly once")]
    [InlineData("a a", "at most once")]
    public void An_acknowledged_write_that_is_missing_or_doubled_is_found(string rows, string rule) =>
        Found(rule, new Story().Write("a", 1, 2).Look(10, rows));

    [Fact]
    public void A_refused_write_that_is_there_is_found() => Found("refused", new Story().Write("a", 1, 2, Outcome.Refused).Look(10, "a"));

    [Fact]
    public void An_unknown_write_that_is_there_twice_is_found() => Found("at most once", new Story().Write("a", 1, 2, Outcome.Unknown).Look(10, "a a"));

    [Fact]
    public void An_unknown_write_that_was_seen_and_is_gone_is_found() =>
        Found("exactly once", new Story().Write("a", 1, 2, Outcome.Unknown).Look(10, "a").Look(20, ""));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Half_a_transaction_is_found(bool acknowledged) => Found(
        "all is there or nothing",
        new Story().Write("a,b", 1, 2, acknowledged ? Outcome.Acknowledged : Outcome.Unknown, ActionKind.Pair).Look(10, "a"));

    [Fact]
    public void An_answer_that_is_another_run_s_is_found() =>
        Found("tells what was written", new Story().Write("a", 1, 2, mark: "first", kind: ActionKind.KeyedInsert).Look(10, "a!second"));

    [Fact]
    public void A_restore_takes_back_what_was_written_after_its_backup_and_nothing_else() => Assert.Empty(new Story()
        .Write("before", 1, 2)
        .Write("meanwhile", 2.5, 3.5)
        .Write("after", 5, 6)
        .Look(10, "before meanwhile after")
        .Replace(11, 12, 14, 15)
        .Look(14, "before", InspectionKind.Restored, begun: 3, made: 4)
        .Write("later", 16, 17)
        .Look(20, "before later")
        .Check());

    [Theory]
    [InlineData("", "exactly once")]
    [InlineData("before after", "exactly once")]
    public void A_restore_that_loses_or_keeps_too_much_is_found(string rows, string rule) => Found(rule, new Story()
        .Write("before", 1, 2)
        .Write("after", 5, 6)
        .Look(10, "before after")
        .Replace(11, 12, 14, 15)
        .Look(14, rows, InspectionKind.Restored, begun: 3, made: 4));

    [Fact]
    public void What_a_restore_took_back_and_that_comes_again_is_found() => Found("exactly once", new Story()
        .Write("a", 5, 6)
        .Look(10, "a")
        .Replace(11, 12, 14, 15)
        .Look(14, "", InspectionKind.Restored, begun: 3, made: 4)
        .Look(20, "a"));

    [Fact]
    public void A_clone_has_one_state_of_its_account() => Assert.Empty(new Story()
        .Write("before", 1, 2)
        .Write("meanwhile", 3.2, 3.5)
        .Write("after", 5, 6)
        .Look(7, "before meanwhile", InspectionKind.Cloned, begun: 3, made: 4)
        .Look(10, "before meanwhile after")
        .Check());

    [Fact]
    public void A_clone_without_what_was_written_before_it_is_found() =>
        Found("exactly once", new Story().Write("before", 1, 2).Look(7, "", InspectionKind.Cloned, begun: 3, made: 4));

    [Theory]
    [InlineData("globex.1/1", "another account's database")]
    public void A_row_that_nobody_wrote_here_is_found(string row, string rule) => Found(rule, new Story().Look(10, row));

    [Fact]
    public void A_database_that_says_it_is_another_s_is_found() => Found("another account's database", new Story().Look(10, "", stamp: "globex.1"));

    [Theory]
    [InlineData("globex", Story.Life)]
    [InlineData(Story.Account, "globex.1")]
    [InlineData(Story.Account, "acme.2")]
    public void An_answer_from_another_account_is_found(string database, string life) =>
        Found("no answer is another account's", new Story().Read(1, 2, 0, database: database, life: life));

    [Fact]
    public void An_answer_after_the_deletion_is_found() => Found("deleted is gone", new Story().End(4, 5).Read(6, 7, 0));

    private static void Found(string rule, Story story) =>
        Assert.Contains(story.Check(), violation => violation.ToString().Contains(rule, StringComparison.Ordinal));
}
