using Kataven.Errors;

namespace Kataven.Queries;

/// <summary>A part of a stream: whole lines, as they go to the socket.</summary>
[GenerateSerializer, Immutable, Alias("kataven.StreamPart")]
public sealed record StreamPart
{
    public static readonly StreamPart Stale = new() { Kind = AnswerKind.Stale };

    [Id(0)]
    public required AnswerKind Kind { get; init; }

    [Id(1)]
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Where the stream broke off, behind <see cref="Body"/>.</summary>
    [Id(2)]
    public Refusal? Refusal { get; init; }

    /// <summary>The stream to ask for the next part, or null where this was the last.</summary>
    [Id(3)]
    public Guid? Stream { get; init; }

    public static StreamPart Refused(Refusal refusal) => new() { Kind = AnswerKind.Refused, Refusal = refusal };
}
