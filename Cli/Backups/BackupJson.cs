using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kataven.Cli.Backups;

/// <summary>What is read of a backup. A member that is missing is no such answer, but for those with a default.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Backup))]
internal sealed partial class BackupJson : JsonSerializerContext;
