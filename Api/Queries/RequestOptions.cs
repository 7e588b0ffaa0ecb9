using Kataven.Queries;

namespace Kataven.Api.Queries;

/// <summary>The members that queries and transactions have in common, while they are read.</summary>
internal abstract class RequestOptions
{
    public TimeSpan? Timeout { get; set; }

    public RowMode RowMode { get; set; }

    public NumberMode Numbers { get; set; }

    public bool? ReadOnly { get; set; }

    /// <summary>Null also where the request only reads: to do so twice does no harm, and nothing is kept.</summary>
    public string? IdempotencyKey
    {
        get => ReadOnly == true ? null : field;
        set;
    }

    public QueryOptions Options => Timeout is null && RowMode == default && Numbers == default && ReadOnly is null && IdempotencyKey is null
        ? QueryOptions.Default
        : new() { Timeout = Timeout, RowMode = RowMode, Numbers = Numbers, ReadOnly = ReadOnly, IdempotencyKey = IdempotencyKey };
}
