using System.Text;
using Kataven.Fuzz.Cases;

namespace Kataven.Fuzz.Bodies;

/// <summary>Text that programs trip over.</summary>
internal static class JunkText
{
    private static readonly string[] Pieces =
    [
        "", " ", "\t", "\n", "\r\n", "\0", "\u0001", "\u007f", "\u0085", "\u00a0", "\u00ad", "\u200b", "\u200d", "\u202e", "\u2028", "\u2029",
        "\ufeff", "\ufffd", "\uffff", "e\u0301", "\u0130", "\u0131", "\u00df", "\u01c5", "\ud83d\udc69\u200d\ud83d\ude80", "\ud800\udc00", "\ud83d",
        "\udc00", "'", "''", "\"", "\"\"", "`", "\\", "\\\\", "\\'", "\\u0000", "%", "%00", "%s%n", "_", "$", "$1", "$$", "$a$", ";", "--", "/*", "*/",
        "{", "}", "[", "]", "(", ")", "{}", "{{1},{2}}", "{NULL}", "{\"a\\\"\"}", "null", "NULL", "true", "0", "-0", "1e400", "NaN", "Infinity",
        "2147483648", "9223372036854775808", "99999999999999999999999999999999", "0x1F", "1_000", "\\x00ff", "infinity", "epoch", "now",
        "4713-01-01 BC", "294276-12-31", "24:00:00", "<a/>", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>", "../../etc/passwd",
        "' OR 1=1 --", "'; DROP TABLE t0; --", "\\'; SELECT 1; --", "kataven-admin", "system", "postgres", "template1", "acme",
    ];

    public static string Make(Dice dice) => dice.Below(12) switch
    {
        0 => new string(dice.Of("a", "'", "\\", "[", "\u00e9")[0], dice.Between(1, dice.Of(64, 1_000, 20_000))),
        1 => dice.Repeat(1, 20, "", () => new Rune(ScalarBelow(dice, 0x11_0000)).ToString()),
        _ => dice.Repeat(1, 4, dice.Of("", " ", ","), () => dice.Of(Pieces)),
    };

    /// <summary>Characters of which each is one byte in a header; any byte but the line breaks where asked for.</summary>
    public static string Latin(Dice dice, bool anyByte) => dice.Repeat(0, 40, "", () =>
        ((char)(anyByte && dice.OneIn(3) ? dice.Between(1, 255) : dice.Between(32, 126))).ToString()).Replace('\n', '!').Replace('\r', '!');

    private static int ScalarBelow(Dice dice, int bound)
    {
        var scalar = dice.Below(bound);
        return Rune.IsValid(scalar) ? scalar : 'x';
    }
}
