using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Kataven.Grains.Migrations;

/// <summary>
/// A schema without its expressions, as a number and a checksum for each kind of object. It stands beside a backup, and a restore has to
/// come to the same.
/// </summary>
internal sealed class SchemaStructure
{
    /// <summary>
    /// What an object's kind is called where it is kept. One that is not there in a backup's is not compared: so where fingerprint.sql
    /// says otherwise than before what an object of a kind is, the kind is kept under another name from then on, and backups that were
    /// made before can be restored.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Kinds = new SortedDictionary<string, string>(
        ((string[])
        [
            "column", "constraint", "extension", "function", "index", "materialized view", "policy", "rule", "schema", "sequence", "statistics", "table", "trigger",
            "type", "view",
        ]).ToDictionary(kind => kind),
        StringComparer.Ordinal);

    private readonly SortedDictionary<string, (long Count, string Sha256)> _kinds = new(StringComparer.Ordinal);

    /// <param name="objects">In the order of kinds, schemas and names.</param>
    public static SchemaStructure Of(IEnumerable<SchemaObject> objects)
    {
        var byKind = objects.ToLookup(entry => entry.Kind);
        var structure = new SchemaStructure();
        foreach (var (kind, kept) in Kinds)
        {
            structure._kinds.Add(kept, (byKind[kind].LongCount(), ChecksumOf(byKind[kind])));
        }

        return structure;
    }

    public static SchemaStructure Read(JsonObject json)
    {
        var structure = new SchemaStructure();
        foreach (var (kind, of) in json)
        {
            structure._kinds.Add(kind, (of!["count"]!.GetValue<long>(), of["sha256"]!.GetValue<string>()));
        }

        return structure;
    }

    public JsonObject ToJson() =>
        new(_kinds.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, new JsonObject { ["count"] = entry.Value.Count, ["sha256"] = entry.Value.Sha256 })));

    /// <summary>In what the other is not as this one, kind by kind; what either does not know is not compared.</summary>
    public IReadOnlyList<string> Differences(SchemaStructure other) =>
    [
        .. from entry in _kinds
           where other._kinds.TryGetValue(entry.Key, out var found) && found != entry.Value
           let count = other._kinds[entry.Key].Count
           select count == entry.Value.Count ? $"{entry.Key} differs" : $"{entry.Key} {count} instead of {entry.Value.Count}",
    ];

    private static string ChecksumOf(IEnumerable<SchemaObject> objects)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in objects)
        {
            // No name has a NUL in it.
            hash.AppendData(Encoding.UTF8.GetBytes($"{entry.Schema}\0{entry.Name}\0{entry.Structure}\0"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
