using System.Text.Json;
using System.Text.Json.Nodes;
using Kataven.Grains.Migrations;

namespace Kataven.Grains.Backups;

/// <summary>What stands beside a backup, to write anew what is the service's own, and to tell whether a restore of it is whole.</summary>
/// <param name="Rows">The rows of each table.</param>
/// <param name="SchemaSha256">The checksum of its schema.</param>
/// <param name="Migrations">What had been applied.</param>
/// <param name="Role">The account's role: rights and policies name it.</param>
internal sealed record BackupContents(BackupManifest Rows, string SchemaSha256, IReadOnlyList<AppliedMigration> Migrations, string Role)
{
    public int Version => MigrationPlan.VersionOf(Migrations);

    public string ToJson() => new JsonObject
    {
        ["rows"] = Rows.ToJson(),
        ["schema_sha256"] = SchemaSha256,
        ["migrations"] = JsonSerializer.SerializeToNode(Migrations),
        ["role"] = Role,
    }.ToJsonString();

    public static BackupContents Read(string json)
    {
        var node = JsonNode.Parse(json)!;
        return new BackupContents(
            BackupManifest.Read(node["rows"]!), node["schema_sha256"]!.GetValue<string>(), node["migrations"].Deserialize<List<AppliedMigration>>() ?? [],
            node["role"]!.GetValue<string>());
    }
}
