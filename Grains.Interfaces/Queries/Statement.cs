using System.Collections.Immutable;

namespace Kataven.Queries;

/// <summary>One statement and its parameters, <c>$1</c> first.</summary>
[GenerateSerializer, Immutable, Alias("kataven.Statement")]
public sealed record Statement(
    [property: Id(0)] string Sql,
    [property: Id(1)] ImmutableArray<Parameter> Parameters);
