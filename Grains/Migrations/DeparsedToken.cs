using System.Runtime.InteropServices;
using Kataven.Grains.Queries.Text;

namespace Kataven.Grains.Migrations;

/// <summary>A token of a text that PostgreSQL made of a parsed expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As it stands there.</param>
/// <param name="IsGlued">Whether nothing stands between it and the one before it: a call's bracket is, one that groups is not.</param>
internal readonly record struct DeparsedToken(SqlTokenKind Kind, string Text, bool IsGlued)
{
    public bool Is(string text) => Text == text;

    public bool IsName => Kind is SqlTokenKind.Word or SqlTokenKind.QuotedIdentifier;

    public static List<DeparsedToken> Of(string text)
    {
        var tokens = new List<DeparsedToken>();
        var scanner = new SqlScanner(text);
        for (var end = 0; scanner.Read();)
        {
            text.AsSpan().Overlaps(scanner.Text, out var start);
            tokens.Add(new DeparsedToken(scanner.Kind, scanner.Text.ToString(), start == end && start > 0));
            end = start + scanner.Text.Length;
        }

        return tokens;
    }

    /// <summary>Where a cast that stands there ends; the same place where none does.</summary>
    public static int EndOfCast(List<DeparsedToken> tokens, int at)
    {
        var all = CollectionsMarshal.AsSpan(tokens);
        if (at + 2 >= all.Length || !all[at].Is(":") || !all[at + 1].Is(":") || !all[at + 2].IsName)
        {
            return at;
        }

        var (first, next) = (all[at + 2], at + 3);
        while (next + 1 < all.Length && all[next].Is(".") && all[next + 1].IsName)
        {
            (first, next) = (default, next + 2);
        }

        next = first.Text switch
        {
            "character" or "bit" => Skip(all, next, "varying"),
            "double" => Skip(all, next, "precision"),
            "interval" => Skip(all, next, "year", "month", "day", "hour", "minute", "second", "to"),
            _ => next,
        };
        next = SkipLength(all, next);
        if (first.Text is "time" or "timestamp" && next + 1 < all.Length && all[next].Text is "with" or "without" && all[next + 1].Is("time"))
        {
            next += 3;
        }

        while (next + 1 < all.Length && all[next] is { Text: "[", IsGlued: true } && all[next + 1].Is("]"))
        {
            next += 2;
        }

        return Math.Min(next, all.Length);
    }

    private static int Skip(ReadOnlySpan<DeparsedToken> all, int next, params ReadOnlySpan<string> words)
    {
        while (next < all.Length && all[next].Kind == SqlTokenKind.Word && words.Contains(all[next].Text))
        {
            next++;
        }

        return next;
    }

    /// <summary>A type's length, as <c>(10,2)</c>.</summary>
    private static int SkipLength(ReadOnlySpan<DeparsedToken> all, int next)
    {
        if (next >= all.Length || all[next] is not { Text: "(", IsGlued: true })
        {
            return next;
        }

        while (next < all.Length && !all[next].Is(")"))
        {
            next++;
        }

        return next + 1;
    }
}
