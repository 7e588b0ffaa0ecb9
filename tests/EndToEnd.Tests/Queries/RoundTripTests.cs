using System.Text.Json;
using CsCheck;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Queries;

public sealed class RoundTripTests(ServiceFixture service)
{
    private static readonly string[] Awkward =
    [
        "\"", "\\", "{", "}", ",", "NULL", "'", "\n", "\r", "\t", "\u0001", "\u20ac", "\u2028", "\U0001F600", "$1", " ",
    ];

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Int[0, Awkward.Length - 1].Select(i => Awkward[i]),
        Gen.Char.AlphaNumeric.Select(c => c.ToString())).List[0, 12].Select(parts => string.Concat(parts));

    private static readonly Gen<object?> Json = Gen.Recursive<object?>((depth, json) => depth > 3
        ? Text.Select(text => (object?)text)
        : Gen.OneOf(
            Text.Select(text => (object?)text),
            Gen.Int.Select(number => (object?)number),
            Gen.Bool.Select(value => (object?)value),
            Gen.Const((object?)null),
            json.List[0, 3].Select(list => (object?)list),
            Gen.Dictionary(Text, json)[0, 3].Select(members => (object?)members)));

    [Fact]
    public async Task Any_text_goes_through_a_parameter_and_back()
    {
        var account = await service.AccountOfAsync<RoundTripTests>();

        await Text.List[1, 20].SampleAsync(
            async texts =>
            {
                var row = (await service.QueryAsync(account, "select $1::text, $2::text[]", texts[0], texts)).GetProperty("rows")[0];
                return row[0].GetString() == texts[0] && row[1].EnumerateArray().Select(item => item.GetString()).SequenceEqual(texts);
            },
            iter: 200,
            threads: 4);
    }

    [Fact]
    public async Task Any_object_or_array_goes_through_jsonb_and_back()
    {
        var account = await service.AccountOfAsync<RoundTripTests>();

        await Json.Where(value => value is System.Collections.IEnumerable and not string).SampleAsync(
            async value =>
            {
                var back = await service.ScalarAsync(account, "select $1::jsonb", value);
                return JsonElement.DeepEquals(JsonSerializer.SerializeToElement(value), back);
            },
            iter: 200,
            threads: 4);
    }
}
