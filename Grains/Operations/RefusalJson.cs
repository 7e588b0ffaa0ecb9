using System.Text.Json;
using System.Text.Json.Serialization;
using Kataven.Errors;

namespace Kataven.Grains.Operations;

/// <summary>A refusal as it is kept with an operation.</summary>
internal static class RefusalJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Write(Refusal refusal) => JsonSerializer.Serialize(refusal, Options);

    public static Refusal? Read(string? json) => json is null ? null : JsonSerializer.Deserialize<Refusal>(json, Options);
}
