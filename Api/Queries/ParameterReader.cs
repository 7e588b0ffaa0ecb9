using System.Buffers;
using System.Text;
using System.Text.Json;
using Kataven.Api.Errors;
using Kataven.Queries;

namespace Kataven.Api.Queries;

/// <summary>Reads one parameter, with every digit and every character that was sent.</summary>
internal static class ParameterReader
{
    public static Parameter Read(ref Utf8JsonReader json, string path, int index)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return new Parameter(ParameterKind.Null, null);
            case JsonTokenType.True:
                return new Parameter(ParameterKind.Scalar, "true");
            case JsonTokenType.False:
                return new Parameter(ParameterKind.Scalar, "false");
            case JsonTokenType.Number:
                return new Parameter(ParameterKind.Scalar, Encoding.ASCII.GetString(json.HasValueSequence ? json.ValueSequence.ToArray() : json.ValueSpan));
            case JsonTokenType.String:
                return new Parameter(ParameterKind.Scalar, WithoutNul(json.GetString()!, path, index));
            case JsonTokenType.StartObject:
                return new Parameter(ParameterKind.Json, TextOf(ref json));
            default:
                return new Parameter(ParameterKind.Array, TextOf(ref json));
        }
    }

    /// <summary>An object or array as it stands in the body.</summary>
    private static string TextOf(ref Utf8JsonReader json)
    {
        using var value = JsonDocument.ParseValue(ref json);
        Check(value.RootElement);
        return value.RootElement.GetRawText();
    }

    /// <summary>Throws what a string that is not valid Unicode throws, before PostgreSQL or the cluster sees it.</summary>
    private static void Check(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Check(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    _ = member.Name;
                    Check(member.Value);
                }

                break;
        }
    }

    private static string WithoutNul(string text, string path, int index) =>
        text.Contains('\0', StringComparison.Ordinal)
            ? throw new RequestFault($"{path}[{index}] has a NUL character, which no text in PostgreSQL can have.")
            : text;
}
