using System.Text.Json;
using System.Text.Json.Nodes;
using Kataven.Grains.Migrations;

namespace Kataven.Grains.Backups;

/// <summary>What stands beside a backup, to write anew what is the service's own, and to tell whether a restore of it is whole.</summary>
/// <param name="Rows">The rows of each table.</param>
/// <param name="Structure">What its schema is made of. Null in a backup that was made when a checksum of PostgreSQL's own texts stood here, which a restore changes.</param>
/// <param name="Migrations">What had been applied.</param>
/// <param name="Role">The account's role: rights and policies name it.</param>
internal sealed record BackupContents(BackupManifest Rows, SchemaStructure? Structure, IReadOnlyList<AppliedMigration> Migrations, string Role)
{
    public int Version => MigrationPlan.VersionOf(Migrations);

    public string ToJson() => new JsonObject
    {
        ["rows"] = Rows.ToJson(),
        ["structure"] = Structure?.ToJson(),
        // A silo of the version before, as there are while the service is upgraded, reads it: it refuses the restore.
        ["schema_sha256"] = "",
        ["migrations"] = JsonSerializer.SerializeToNode(Migrations),
        ["role"] = Role,
    }.ToJsonString();

    public static BackupContents Read(string json)
    {
        var node = JsonNode.Parse(json)!;
        return new BackupContents(
            BackupManifest.Read(node["rows"]!),
            node["structure"] is JsonObject structure ? SchemaStructure.Read(structure) : null,
            node["migrations"].Deserialize<List<AppliedMigration>>() ?? [],
            node["role"]!.GetValue<string>());
    }
}
