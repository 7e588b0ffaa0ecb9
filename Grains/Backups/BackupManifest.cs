using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kataven.Grains.Backups;

/// <summary>What is in a database, counted in the very state that was dumped: a restore of it has to count the same.</summary>
/// <param name="Tables">Each table, and each leaf of a partitioned one, by schema and name.</param>
/// <param name="LargeObjects">How many there are.</param>
/// <param name="DatabaseBytes">What it takes on the server. A restored one takes less.</param>
internal sealed record BackupManifest(ImmutableArray<TableRows> Tables, long LargeObjects, long DatabaseBytes)
{
    public static readonly BackupManifest None = new([], 0, 0);

    private const int ToldAtMost = 20;

    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this)!.AsObject();

    public static BackupManifest Read(JsonNode json) => json.Deserialize<BackupManifest>()!;

    /// <summary>Sentences about what the other has otherwise; none where both have the same content.</summary>
    public IReadOnlyList<string> Differences(BackupManifest other)
    {
        var (mine, others) = (Counts(), other.Counts());
        List<string> told =
        [
            .. mine.Keys.Union(others.Keys).Order().Where(table => Told(mine, table) != Told(others, table))
                .Select(table => $"{table.Schema}.{table.Table} has {Told(others, table)} instead of {Told(mine, table)}"),
        ];
        if (LargeObjects != other.LargeObjects)
        {
            told.Insert(0, $"{other.LargeObjects} large objects instead of {LargeObjects}");
        }

        return told.Count <= ToldAtMost ? told : [.. told.Take(ToldAtMost), $"and {told.Count - ToldAtMost} more"];
    }

    private Dictionary<(string Schema, string Table), long> Counts() => Tables.ToDictionary(table => (table.Schema, table.Table), table => table.Rows);

    private static string Told(Dictionary<(string, string), long> counts, (string, string) table) =>
        counts.TryGetValue(table, out var rows) ? $"{rows} rows" : "no table";
}
