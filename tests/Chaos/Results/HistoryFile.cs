using System.Text.Json;
using System.Text.Json.Serialization;
using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Results;

/// <summary>A history, a line each: what clients did, what was done to the service, and what was found in databases.</summary>
internal static class HistoryFile
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public static async Task WriteAsync(string file, History history)
    {
        await using var writer = new StreamWriter(file);
        foreach (var entry in Entries(history))
        {
            await writer.WriteLineAsync(JsonSerializer.Serialize(entry, Json));
        }
    }

    private static IEnumerable<object> Entries(History history) =>
    [
        .. history.Lives.Select(life => new { life }),
        .. history.Disturbances.Select(disturbance => new { disturbance }),
        .. history.Suspensions.Select(suspension => new { suspension }),
        .. history.Replacements.Select(replacement => new { replacement }),
        .. history.Excesses.Select(excess => new { excess }),
        .. history.Incidents.Select(incident => new { incident }),
        .. history.Operations.Select(operation => new { operation }),
        // Without the rows, which the operations name.
        .. history.Inspections.Select(inspection => new { inspection = inspection with { Rows = [] }, rows = inspection.Rows.Count }),
    ];
}
