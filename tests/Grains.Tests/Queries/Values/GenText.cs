using System.Text;
using CsCheck;

namespace Kataven.Grains.Tests.Queries.Values;

/// <summary>Text that is rich in what quoting has to look after.</summary>
internal static class GenText
{
    private static readonly Gen<string> Special = Gen.OneOf(
        "\"", "\\", "{", "}", "[", "]", ",", ";", ":", " ", "\t", "\n", "\r", "\r\n", "NULL", "null", "'", "$", "\u0001", "\u001f",
        "\u007f", "\u00a0", "\u2028", "é", "🐘", "a", "b", "0", "-");

    private static readonly Gen<string> AnyRune = Gen.Int[1, 0x10ffff]
        .Where(Rune.IsValid).Select(value => new Rune(value).ToString());

    /// <summary>Valid Unicode without U+0000, which PostgreSQL's text cannot hold.</summary>
    public static readonly Gen<string> Any =
        Gen.Frequency((4, Special), (1, AnyRune)).Array[0, 12].Select(string.Concat);
}
