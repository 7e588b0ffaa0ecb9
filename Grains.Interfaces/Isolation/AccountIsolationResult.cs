using Kataven.Errors;

namespace Kataven.Isolation;

/// <summary>A report, or why there is none.</summary>
[GenerateSerializer, Immutable, Alias("kataven.AccountIsolationResult")]
public sealed record AccountIsolationResult(
    [property: Id(0)] AccountIsolationReport? Report,
    [property: Id(1)] Refusal? Refusal);
