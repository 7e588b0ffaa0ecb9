using System.Collections.Frozen;
using System.Collections.Immutable;
using Kataven.Grains.Queries.Fast;
using Kataven.Queries;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Queries.Fast;

public sealed class LaneChoiceTests
{
    private static readonly AccountCode NoCode = new(FrozenSet<string>.Empty, false, false);

    [Theory]
    [InlineData(null, true, true, false, 30, 8, true)]
    [InlineData(true, true, false, false, 30, 8, true)]
    [InlineData(true, true, true, false, 1, 2, true)]
    [InlineData(false, true, true, false, 30, 8, false)]
    [InlineData(null, true, false, false, 30, 8, false)]
    [InlineData(null, false, true, false, 30, 8, false)]
    [InlineData(true, false, true, false, 30, 8, false)]
    [InlineData(null, true, true, true, 30, 8, false)]
    [InlineData(true, true, true, true, 30, 8, false)]
    [InlineData(null, true, true, false, 0.999, 8, false)]
    [InlineData(null, true, true, false, 30, 1, false)]
    public void What_is_fit_and_known_to_be_quick_or_said_to_read_goes_to_the_fast_lane(
        bool? readOnly, bool fits, bool isQuick, bool isShut, double seconds, int maxLanes, bool fast) => Assert.Equal(
        fast ? LaneKind.Fast : LaneKind.Exclusive,
        LaneChoice.Of(readOnly, fits, isQuick, isShut, TimeSpan.FromSeconds(seconds), maxLanes));

    [Theory]
    [InlineData("select 1", 0, true)]
    [InlineData("(((select $1)))", 1, true)]
    [InlineData("with x as (select 1) select * from x", 0, true)]
    [InlineData("values (1)", 0, true)]
    [InlineData("table item", 0, true)]
    [InlineData("select $1", 0, false)]
    [InlineData("select 1", 1, false)]
    [InlineData("insert into item values (1)", 0, false)]
    [InlineData("show timezone", 0, false)]
    [InlineData("explain select 1", 0, false)]
    [InlineData("begin", 0, false)]
    [InlineData("", 0, false)]
    public void A_statement_fits_that_reads_and_has_its_parameters(string sql, int parameters, bool fits) => Assert.Equal(
        fits,
        FastText.Of(sql, NoCode).Fits(new Statement(sql, [.. Enumerable.Repeat(new Parameter(ParameterKind.Scalar, "1"), parameters)])));

    [Fact]
    public void An_array_is_looked_at_on_a_lane_of_its_own() =>
        Assert.False(FastText.Of("select $1", NoCode).Fits(new Statement("select $1", ImmutableArray.Create(new Parameter(ParameterKind.Array, "[1]")))));

    [Fact]
    public void A_text_that_failed_is_tried_again_after_twice_the_time()
    {
        var time = new FakeTimeProvider();
        var text = FastText.Of("select 1", NoCode);
        foreach (var seconds in new[] { 2, 4, 8 })
        {
            Assert.False(text.IsShut(time));
            text.Shut(time);
            time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.True(text.IsShut(time));
            time.Advance(TimeSpan.FromTicks(1));
        }
    }

    [Fact]
    public void A_text_that_is_answered_again_and_again_is_trusted_as_before_its_failure()
    {
        var time = new FakeTimeProvider();
        var text = FastText.Of("select 1", NoCode);
        foreach (var _ in Enumerable.Range(0, 100))
        {
            text.Shut(time);
            time.Advance(TimeSpan.FromSeconds(2));
            Assert.False(text.IsShut(time));
            foreach (var answer in Enumerable.Range(0, FastText.AnswersForAFailure))
            {
                text.Answered();
            }
        }
    }

    [Fact]
    public void A_text_stays_quick_when_a_busy_machine_was_slow_with_it_and_not_when_its_answer_is_long()
    {
        var text = FastText.Of("select 1", NoCode);
        text.Ran(quickly: false, isShort: true);
        Assert.False(text.IsQuick);
        text.Ran(quickly: true, isShort: true);
        text.Ran(quickly: false, isShort: true);
        Assert.True(text.IsQuick);
        text.Ran(quickly: true, isShort: false);
        Assert.False(text.IsQuick);
    }

    [Fact]
    public void Texts_are_bounded_and_those_in_use_stay()
    {
        var texts = new FastTexts();
        var kept = texts.FindOrJudge("select 'kept'", NoCode);
        for (var i = 0; i < 10 * FastTexts.Capacity; i++)
        {
            texts.FindOrJudge($"select {i}", NoCode);
            Assert.Same(kept, texts.Find("select 'kept'"));
        }

        Assert.InRange(texts.Count, 1, 2 * FastTexts.Capacity);
        Assert.Null(texts.Find("select 1"));
        Assert.Null(texts.FindOrJudge(new string('x', FastTexts.LongestText + 1), NoCode));
    }
}
