namespace Kataven.Queries;

/// <summary>What a request may ask for besides its statements.</summary>
[GenerateSerializer, Immutable, Alias("kataven.QueryOptions")]
public sealed record QueryOptions
{
    public static readonly QueryOptions Default = new();

    /// <summary>A shorter time than the account's limit, or null.</summary>
    [Id(0)]
    public TimeSpan? Timeout { get; init; }

    [Id(1)]
    public RowMode RowMode { get; init; }

    [Id(2)]
    public NumberMode Numbers { get; init; }

    /// <summary>The caller's word that the statement only reads (true), or that it writes (false).</summary>
    [Id(3)]
    public bool? ReadOnly { get; init; }

    /// <summary>1 to 255 printable ASCII characters: a request that writes happens once, however often it is sent with the same key. Null for none.</summary>
    [Id(4)]
    public string? IdempotencyKey { get; init; }
}
