using Kataven.Cli.Output;

namespace Kataven.Cli.Tests.Output;

public sealed class CaretTests
{
    [Theory]
    [InlineData("select x", 8, "LINE 1: select x", 15)]
    [InlineData("select\n\tx\nfrom y", 9, "LINE 2:  x", 9)]
    [InlineData("select", 7, "LINE 1: select", 14)]
    [InlineData("select\r\nx", 7, "LINE 1: select", 14)]
    [InlineData("日本 x", 4, "LINE 1: 日本 x", 13)]
    [InlineData("x", 1, "LINE 1: x", 8)]
    public void The_caret_stands_below_the_place(string statement, int position, string line, int blanks) =>
        Assert.Equal([line, new string(' ', blanks) + "^"], Caret.Of(statement, position));

    [Fact]
    public void A_long_line_is_cut_around_the_place()
    {
        var lines = Caret.Of(new string('a', 100) + "!" + new string('b', 100), 101);

        Assert.Equal("LINE 1: ..." + new string('a', 40) + "!" + new string('b', 39) + "...", lines[0]);
        Assert.Equal('!', lines[0][lines[1].IndexOf('^', StringComparison.Ordinal)]);
    }

    [Theory]
    [InlineData("x", 0)]
    [InlineData("x", 3)]
    [InlineData("x", null)]
    [InlineData(null, 1)]
    public void A_place_that_is_not_in_the_statement_is_not_shown(string? statement, int? position) =>
        Assert.Empty(Caret.Of(statement, position));
}
