namespace Kataven.Errors;

/// <summary>An error as PostgreSQL reported it.</summary>
[GenerateSerializer, Immutable, Alias("kataven.SqlError")]
public sealed record SqlError
{
    [Id(0)]
    public required string SqlState { get; init; }

    [Id(1)]
    public required string Message { get; init; }

    [Id(2)]
    public string? Detail { get; init; }

    [Id(3)]
    public string? Hint { get; init; }

    /// <summary>Characters from the start of the statement, the first being 1.</summary>
    [Id(4)]
    public int? Position { get; init; }

    [Id(5)]
    public string? Schema { get; init; }

    [Id(6)]
    public string? Table { get; init; }

    [Id(7)]
    public string? Column { get; init; }

    [Id(8)]
    public string? Constraint { get; init; }
}
