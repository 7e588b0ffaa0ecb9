using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kataven.Cli.Isolation;

/// <summary>What is read of the isolation routes' answers, and the rows that are written. A member that is missing is no such answer.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AccountReport))]
[JsonSerializable(typeof(ServerReport))]
[JsonSerializable(typeof(AuditRow))]
[JsonSerializable(typeof(RunRow))]
internal sealed partial class IsolationJson : JsonSerializerContext
{
    public static T Parse<T>(string answer, JsonTypeInfo<T> type) where T : class =>
        JsonSerializer.Deserialize(answer, type) ?? throw new JsonException();
}
