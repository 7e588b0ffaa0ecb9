namespace Kataven.Chaos.Histories;

/// <summary>What a client knows of its operation when it has ended.</summary>
internal enum Outcome
{
    /// <summary>It happened.</summary>
    Acknowledged,

    /// <summary>It did not happen, and never will.</summary>
    Refused,

    /// <summary>It may have happened, or still happen.</summary>
    Unknown,
}
