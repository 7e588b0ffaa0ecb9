using System.Collections.Immutable;

namespace Kataven.Cluster;

/// <summary>What the cluster needs and cannot reach, by name: <c>system_database</c>. Empty where all is well.</summary>
[GenerateSerializer, Immutable, Alias("kataven.HealthReport")]
public sealed record HealthReport([property: Id(0)] ImmutableArray<string> Away);
