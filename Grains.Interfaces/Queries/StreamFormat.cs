namespace Kataven.Queries;

/// <summary>What a stream is written as.</summary>
[GenerateSerializer, Alias("kataven.StreamFormat")]
public enum StreamFormat
{
    Ndjson,
    Csv,
}
