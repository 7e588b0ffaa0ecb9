using System.Collections.Immutable;
using Kataven.Errors;

namespace Kataven.Migrations;

/// <summary>In what an account's schema differs from a new account's, or why that cannot be told.</summary>
[GenerateSerializer, Immutable, Alias("kataven.SchemaDriftReport")]
public sealed record SchemaDriftReport([property: Id(0)] ImmutableArray<SchemaDifference> Differences, [property: Id(1)] Refusal? Refusal);
