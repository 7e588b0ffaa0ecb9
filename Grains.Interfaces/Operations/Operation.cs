using Kataven.Errors;

namespace Kataven.Operations;

/// <summary>What takes longer than a call: its id survives a crash of whoever works on it.</summary>
[GenerateSerializer, Immutable, Alias("kataven.Operation")]
public sealed record Operation
{
    [Id(0)]
    public required Guid Id { get; init; }

    [Id(1)]
    public required string Kind { get; init; }

    [Id(2)]
    public required string AccountId { get; init; }

    [Id(3)]
    public required OperationStatus Status { get; init; }

    /// <summary>What is done now, or was done last.</summary>
    [Id(4)]
    public required string Step { get; init; }

    /// <summary>From 0 to 1.</summary>
    [Id(5)]
    public required double Progress { get; init; }

    /// <summary>Why it failed.</summary>
    [Id(6)]
    public Refusal? Problem { get; init; }

    /// <summary>A JSON object, or null.</summary>
    [Id(7)]
    public string? Result { get; init; }

    /// <summary>A JSON object, as the kind has it.</summary>
    [Id(8)]
    public required string Arguments { get; init; }

    [Id(9)]
    public required DateTimeOffset CreatedAt { get; init; }

    [Id(10)]
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How often somebody took it up.</summary>
    [Id(11)]
    public required int Attempt { get; init; }

    /// <summary>How many of those ended because their silo was stopped.</summary>
    [Id(12)]
    public int PutDown { get; init; }

    /// <summary>How often it was begun, but for what was put down.</summary>
    public int Tries => Attempt - PutDown;
}
