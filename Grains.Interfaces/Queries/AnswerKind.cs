namespace Kataven.Queries;

/// <summary>How a request ended.</summary>
[GenerateSerializer, Alias("kataven.AnswerKind")]
public enum AnswerKind
{
    /// <summary>It ran, and this is its result.</summary>
    Done,

    /// <summary>It was refused, or failed.</summary>
    Refused,

    /// <summary>It did not run: the account's row has changed since the caller was let in, who has to be looked at again.</summary>
    Stale,
}
