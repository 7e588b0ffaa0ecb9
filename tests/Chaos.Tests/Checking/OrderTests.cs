using Kataven.Chaos.Checking;
using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Tests.Checking;

public sealed class OrderTests
{
    private const string Back = "never go back";

    [Fact]
    public void Answers_that_overlap_may_come_in_any_order() =>
        Assert.Empty(new Story().Count("a", 1, 4, 1).Read(2, 5, 0).Read(2, 3, 1).Read(4.5, 6, 1).Look(10, "a=1").Check());

    [Fact]
    public void A_read_that_sees_less_than_one_before_it_is_found() => Found(Back, new Story().Read(1, 2, 5).Read(3, 4, 4));

    [Fact]
    public void A_read_that_misses_an_acknowledged_write_is_found() => Found(Back, new Story().Count("a", 1, 2, 1).Read(3, 4, 0));

    [Fact]
    public void Two_increments_with_one_number_are_found() => Found(Back, new Story().Count("a", 1, 2, 1).Count("b", 3, 4, 1));

    [Fact]
    public void A_restore_goes_back_once() => Assert.Empty(new Story()
        .Read(1, 2, 9)
        .Replace(11, 12, 14, 15)
        .Read(12.1, 12.2, 9, epoch: 2)
        .Read(12.3, 13, 4)
        .Read(13.1, 13.2, 4)
        .Read(14.5, 15.5, 4, epoch: 1)
        .Read(16, 17, 4, epoch: 3)
        .Count("a", 18, 19, 5, epoch: 3)
        .Check());

    [Fact]
    public void Data_that_was_replaced_and_is_seen_again_is_found() => Found(Back, new Story()
        .Replace(11, 12, 14, 15)
        .Read(12.3, 13, 4)
        .Read(13.1, 13.2, 9, epoch: 2));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Replaced_data_after_the_restore_is_found(int epoch) => Found(Back, new Story()
        .Replace(11, 12, 14, 15)
        .Read(16, 17, 4, epoch: 3)
        .Read(18, 19, 9, epoch));

    [Fact]
    public void Restored_data_where_no_restore_happened_is_found() => Found(Back, new Story()
        .Replace(11, 12, 14, 15, happened: false)
        .Read(12.1, 12.2, 9, epoch: 2)
        .Read(13, 13.5, 4));

    [Theory]
    [InlineData("a=1 b=1", 2)]
    [InlineData("a=1 b=3", 2)]
    [InlineData("a=1 b=2", 3)]
    public void A_counter_that_counts_otherwise_is_found(string rows, long tally) =>
        Found("counts each increment once", new Story().Write("a", 1, 2, Outcome.Unknown).Write("b", 1, 2, Outcome.Unknown).Look(10, rows, tally: tally));

    [Fact]
    public void A_number_that_is_not_the_one_told_is_found() =>
        Found("counts each increment once", new Story().Count("a", 1, 2, 7).Look(10, "a=1"));

    [Fact]
    public void An_answer_whose_parts_are_of_two_states_is_found() => Found("counts each increment once", new Story().Read(1, 2, 5, counted: 4));

    private static void Found(string rule, Story story) =>
        Assert.Contains(story.Check(), violation => violation.ToString().Contains(rule, StringComparison.Ordinal));
}
