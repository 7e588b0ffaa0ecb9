using System.Collections.Immutable;

namespace Kataven.Audit;

/// <summary>A page of the log, oldest first, and the id to go on after, or null at the end.</summary>
[GenerateSerializer, Immutable, Alias("kataven.AuditPage")]
public sealed record AuditPage(
    [property: Id(0)] ImmutableArray<AuditEntry> Entries,
    [property: Id(1)] long? Next);
