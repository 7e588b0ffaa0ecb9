using Kataven.Cli.Arguments;

namespace Kataven.Cli.Tests.Arguments;

public sealed class SpanOptionTests
{
    [Theory]
    [InlineData("90s", "00:01:30")]
    [InlineData("30m", "00:30:00")]
    [InlineData("36h", "1.12:00:00")]
    [InlineData("7d", "7.00:00:00")]
    [InlineData("1.5d", "1.12:00:00")]
    [InlineData("1.00:00:00", "1.00:00:00")]
    [InlineData("00:01:00", "00:01:00")]
    public void A_span_is_sent_as_days_and_a_time(string text, string expected) =>
        Assert.Equal(expected, SpanOption.Text(Assert.NotNull(SpanOption.Parse(text))));

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("0d")]
    [InlineData("-1d")]
    [InlineData("-00:01:00")]
    [InlineData("00:00:00")]
    [InlineData("soon")]
    [InlineData("d")]
    [InlineData("99999999999d")]
    public void What_could_be_meant_otherwise_or_is_none_is_refused(string text) => Assert.Null(SpanOption.Parse(text));
}
