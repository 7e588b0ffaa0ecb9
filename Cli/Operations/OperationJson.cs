using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kataven.Cli.Operations;

/// <summary>What is read of an operation. A member that is missing is no such answer, but for those with a default.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Operation))]
internal sealed partial class OperationJson : JsonSerializerContext;
