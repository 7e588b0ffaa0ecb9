using System.Diagnostics.Metrics;
using Kataven.Observability;

namespace Kataven.Grains.Observability;

/// <summary>Accounts that a busy silo hands over.</summary>
internal static class PlacementMetrics
{
    private static readonly Meter Meter = new(RequestPath.Name);

    private static readonly Counter<long> Moves = Meter.CreateCounter<long>(
        "kataven.placement.moves", "{account}", "Accounts that were to move to another silo, by whether they did.");

    public static void Moved(bool moved) => Moves.Add(1, new KeyValuePair<string, object?>("outcome", moved ? "moved" : "kept"));
}
