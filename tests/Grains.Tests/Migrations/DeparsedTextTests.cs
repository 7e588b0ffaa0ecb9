using Kataven.Grains.Migrations;

namespace Kataven.Grains.Tests.Migrations;

public sealed class DeparsedTextTests
{
    /// <summary>What PostgreSQL writes of an expression, and what it writes of that once it has read it.</summary>
    [Theory]
    [InlineData(
        "CHECK (((status)::text = ANY ((ARRAY['new'::character varying, 'done'::character varying])::text[])))",
        "CHECK (((status)::text = ANY (ARRAY[('new'::character varying)::text, ('done'::character varying)::text])))")]
    [InlineData(
        "  WHERE ((job.status)::text <> ALL ((ARRAY['done'::character varying(20), 'gone'::character varying])::text[]));",
        " WHERE ((job.status)::text <> ALL (ARRAY[('done'::character varying(20))::text, ('gone'::character varying)::text]));")]
    [InlineData("CHECK ((((a >= 1) AND (a <= 9)) AND (b > 0)))", "CHECK (((a >= 1) AND (a <= 9) AND (b > 0)))")]
    [InlineData("((b > 0) AND ((a >= 1) AND ((a <= 9) AND (c))))", "((b > 0) AND (a >= 1) AND (a <= 9) AND (c))")]
    [InlineData("(((a = 1) OR (a = 2)) OR ((b = 1) AND (c = 1)))", "((a = 1) OR (a = 2) OR ((b = 1) AND (c = 1)))")]
    [InlineData("CASE\n    WHEN ((x)::text = 'a'::text) THEN 1\n    ELSE 2\nEND", "CASE WHEN (x = 'a') THEN 1 ELSE 2 END")]
    [InlineData("COALESCE((status)::text, 'none'::text)", "COALESCE(status, 'none'::character varying)")]
    [InlineData("(f((a)::text, (b)::bigint))::text", "f(a, b)")]
    [InlineData("('a'::\"Odd\".\"My (type)\"[] || 'b'::public.geometry(Point,4326))", "('a' || 'b')")]
    [InlineData("('x'::timestamp(3) without time zone < 'y'::time with time zone)", "('x' < 'y')")]
    [InlineData("('1'::interval day to second(3) + '2'::interval(3))", "('1' + '2')")]
    [InlineData("('1'::double precision + '2'::numeric(10,2) + '3'::bit varying(5))", "('1' + '2' + '3')")]
    [InlineData("(tags)::text[]", "tags")]
    public void What_a_restore_changes_is_the_same_in_both(string before, string after) =>
        Assert.Equal(DeparsedText.Reduce(before), DeparsedText.Reduce(after));

    [Theory]
    [InlineData("(a > 1)", "(a > 2)")]
    [InlineData("(a > 1)", "(b > 1)")]
    [InlineData("(a >= 1)", "(a > 1)")]
    [InlineData("((a OR b) AND c)", "(a OR (b AND c))")]
    [InlineData("((a + b) * c)", "(a + (b * c))")]
    [InlineData("(NOT (a AND b))", "((NOT a) AND b)")]
    [InlineData("'a::text'", "'a'")]
    [InlineData("'a  b'::text", "'a b'::text")]
    [InlineData("'(a)'", "'a'")]
    [InlineData("'it''s'::text", "'its'::text")]
    [InlineData("E'a\\\\''::text'", "E'a\\\\'''")]
    [InlineData("\"a::text\"", "\"a\"")]
    [InlineData("\"a\"\"(b)\"", "\"a\"\"b\"")]
    [InlineData("f(a, b)", "f(b, a)")]
    [InlineData("(status = ANY (ARRAY['a'::text]))", "(status = ALL (ARRAY['a'::text]))")]
    [InlineData("(status = ANY (ARRAY['a'::text, 'b'::text]))", "(status = ANY (ARRAY['a'::text, 'b'::text, 'c'::text]))")]
    [InlineData("(a)::text COLLATE \"C\"", "(a)::text")]
    [InlineData("a[1]", "a[2]")]
    public void What_says_something_else_differs(string one, string other) =>
        Assert.NotEqual(DeparsedText.Reduce(one), DeparsedText.Reduce(other));

    /// <summary>How deep brackets are nested is for the account to say.</summary>
    [Fact]
    public void Many_brackets_are_read()
    {
        const int Depth = 20_000;
        var nested = string.Concat(Enumerable.Repeat("(a + ", Depth)) + "b" + new string(')', Depth);

        Assert.Equal(4 * Depth + 1, DeparsedText.Reduce(nested).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("(")]
    [InlineData(")](")]
    [InlineData("a::")]
    [InlineData("a::b.")]
    [InlineData("a::character varying(")]
    [InlineData("a::timestamp with time")]
    [InlineData("a::int[")]
    [InlineData("'a")]
    public void What_ends_early_is_read_to_its_end(string text) => Assert.Equal(DeparsedText.Reduce(text), DeparsedText.Reduce(" " + text));
}
