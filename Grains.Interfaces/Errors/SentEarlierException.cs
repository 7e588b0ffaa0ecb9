namespace Kataven.Errors;

/// <summary>A silo was lost after the call had been sent, and it may have waited there: it has not run, and can be sent again.</summary>
[GenerateSerializer, Alias("kataven.SentEarlierException")]
public sealed class SentEarlierException : Exception
{
    public SentEarlierException()
        : base("A silo was lost after the call had been sent.")
    {
    }

    public SentEarlierException(string message)
        : base(message)
    {
    }

    public SentEarlierException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The version of the membership that its sender has to know before.</summary>
    [Id(0)]
    public long Members { get; init; }
}
