namespace Kataven.Queries;

/// <summary>A parameter: its text, which for objects and arrays is their JSON.</summary>
[GenerateSerializer, Immutable, Alias("kataven.Parameter")]
public readonly record struct Parameter([property: Id(0)] ParameterKind Kind, [property: Id(1)] string? Text);
