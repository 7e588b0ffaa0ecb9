using System.Text.Json.Serialization;

namespace Kataven.Cli.Migrations;

/// <summary>What is read of the migration routes' answers, and the rows that are written. A member that is missing is no such answer.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(KnownScripts))]
[JsonSerializable(typeof(AccountMigrations))]
[JsonSerializable(typeof(AppliedMigrations))]
[JsonSerializable(typeof(Rollout))]
[JsonSerializable(typeof(PlanRow))]
[JsonSerializable(typeof(MigratedRow))]
internal sealed partial class MigrationJson : JsonSerializerContext;
