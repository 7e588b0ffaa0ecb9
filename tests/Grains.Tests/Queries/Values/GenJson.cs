using System.Text.Json.Nodes;
using CsCheck;

namespace Kataven.Grains.Tests.Queries.Values;

/// <summary>JSON of all kinds, whose numbers are such that <c>jsonb</c> prints them as they came.</summary>
internal static class GenJson
{
    private static readonly Gen<string> Scalar = Gen.Frequency(
        (4, GenText.Any.Select(text => JsonValue.Create(text).ToJsonString())),
        (2, Gen.Long.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))),
        (1, Gen.OneOf("true", "false", "null", "0.10", "-12345678901234567890.000001")));

    public static readonly Gen<string> Any = Gen.Recursive<string>((depth, inner) => depth >= 4
        ? Scalar
        : Gen.Frequency((2, Scalar), (1, Object(inner)), (1, inner.Array[0, 4].Select(items => $"[{string.Join(',', items)}]"))));

    public static readonly Gen<string> AnyObject = Object(Any);

    private static Gen<string> Object(Gen<string> values) =>
        Gen.Select(GenText.Any, values).Array[0, 4].Select(members =>
            "{" + string.Join(',', members.DistinctBy(m => m.Item1).Select(m => $"{JsonValue.Create(m.Item1).ToJsonString()}:{m.Item2}")) + "}");
}
