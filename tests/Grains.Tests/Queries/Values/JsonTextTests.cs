using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Kataven.Grains.Queries.Values;

namespace Kataven.Grains.Tests.Queries.Values;

public sealed class JsonTextTests
{
    [Fact]
    public void Any_text_comes_back_from_its_json_string() => GenText.Any.Sample(text =>
    {
        var json = Write(output => JsonText.WriteString(output, Encoding.UTF8.GetBytes(text)));
        return JsonDocument.Parse(json).RootElement.GetString() == text
            && json.SequenceEqual(Write(output => JsonText.WriteString(output, text)));
    }, iter: 10_000);

    [Fact]
    public void Long_text_comes_back_wherever_the_character_to_escape_stands() =>
        Gen.Select(Gen.Int[0, 5000], Gen.Int[0, 5000], Gen.OneOf('"', '\\', '\n', '\u0001')).Sample((before, after, special) =>
        {
            var text = new string('é', before) + special + new string('x', after);
            var json = Write(output => JsonText.WriteString(output, Encoding.UTF8.GetBytes(text)));
            return JsonDocument.Parse(json).RootElement.GetString() == text;
        }, iter: 1_000);

    [Fact]
    public void Only_what_json_demands_is_escaped()
    {
        var all = string.Concat(Enumerable.Range(0, 0x80).Select(c => (char)c)) + "\u2028é🐘</script>'&+";
        var json = Encoding.UTF8.GetString(Write(output => JsonText.WriteString(output, all)));
        Assert.Equal(
            "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f"
            + "\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d\\u001e\\u001f"
            + all[0x20..].Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"",
            json);
    }

    private static byte[] Write(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
