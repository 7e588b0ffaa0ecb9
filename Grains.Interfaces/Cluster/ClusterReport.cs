using System.Collections.Immutable;

namespace Kataven.Cluster;

/// <summary>The silos that are alive, and the connections that they hold for accounts.</summary>
/// <param name="Silos">Every member that is not dead.</param>
/// <param name="Budget">Connections that the cluster may hold open for accounts.</param>
/// <param name="Leased">Those that are open now.</param>
[GenerateSerializer, Immutable, Alias("kataven.ClusterReport")]
public sealed record ClusterReport(
    [property: Id(0)] ImmutableArray<SiloReport> Silos,
    [property: Id(1)] int Budget,
    [property: Id(2)] int Leased);
