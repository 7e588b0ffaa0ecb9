using Kataven.Errors;
using Kataven.Queries;

namespace Kataven.Transactions;

/// <summary>What a call about an interactive transaction comes to.</summary>
[GenerateSerializer, Immutable, Alias("kataven.TransactionAnswer")]
public sealed record TransactionAnswer
{
    public static readonly TransactionAnswer Stale = new() { Kind = AnswerKind.Stale };

    [Id(0)]
    public required AnswerKind Kind { get; init; }

    [Id(1)]
    public Refusal? Refusal { get; init; }

    /// <summary>The transaction that was begun.</summary>
    [Id(2)]
    public TransactionId? Transaction { get; init; }

    /// <summary>When it ends by itself unless a statement comes, where it goes on.</summary>
    [Id(3)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>A statement's result: JSON as it goes to the socket.</summary>
    [Id(4)]
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>How it ended, where the call ended it.</summary>
    [Id(5)]
    public TransactionOutcome? Outcome { get; init; }

    public static TransactionAnswer Refused(Refusal refusal) => new() { Kind = AnswerKind.Refused, Refusal = refusal };
}
