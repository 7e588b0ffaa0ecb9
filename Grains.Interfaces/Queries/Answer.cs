using Kataven.Errors;

namespace Kataven.Queries;

/// <summary>The answer to a query or a transaction: JSON as it goes to the socket, or why not.</summary>
[GenerateSerializer, Immutable, Alias("kataven.Answer")]
public sealed record Answer
{
    public static readonly Answer Stale = new() { Kind = AnswerKind.Stale };

    [Id(0)]
    public required AnswerKind Kind { get; init; }

    [Id(1)]
    public ReadOnlyMemory<byte> Body { get; init; }

    [Id(2)]
    public Refusal? Refusal { get; init; }

    /// <summary>It is the answer that was kept for the request's key; nothing ran now.</summary>
    [Id(3)]
    public bool WasReplayed { get; init; }

    public static Answer Done(ReadOnlyMemory<byte> body) => new() { Kind = AnswerKind.Done, Body = body };

    public static Answer Refused(Refusal refusal) => new() { Kind = AnswerKind.Refused, Refusal = refusal };
}
