using Kataven.Errors;

namespace Kataven.Tenants;

/// <summary>How long the first lane took to open (zero where one was open), or why none did.</summary>
[GenerateSerializer, Immutable, Alias("kataven.Warmth")]
public sealed record Warmth([property: Id(0)] TimeSpan Took, [property: Id(1)] Refusal? Refusal);
