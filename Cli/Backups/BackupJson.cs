using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kataven.Cli.Backups;

/// <summary>What is read of a backup, and of a schedule. A member that is missing is no such answer, but for those with a default.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Backup))]
[JsonSerializable(typeof(BackupSchedule))]
internal sealed partial class BackupJson : JsonSerializerContext;
