namespace Kataven.Chaos.Histories;

/// <summary>An account from its creation until it is deleted.</summary>
internal sealed record AccountLife(string Account, string Life, TimeSpan Served)
{
    /// <summary>Before its deletion was asked for.</summary>
    public TimeSpan? Ending { get; init; }

    /// <summary>After it was answered.</summary>
    public TimeSpan? Ended { get; init; }
}
