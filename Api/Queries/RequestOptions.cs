using Kataven.Queries;

namespace Kataven.Api.Queries;

/// <summary>The members that queries and transactions have in common, while they are read.</summary>
internal abstract class RequestOptions
{
    public TimeSpan? Timeout { get; set; }

    public RowMode RowMode { get; set; }

    public NumberMode Numbers { get; set; }

    public bool? ReadOnly { get; set; }

    public QueryOptions Options => Timeout is null && RowMode == default && Numbers == default && ReadOnly is null
        ? QueryOptions.Default
        : new() { Timeout = Timeout, RowMode = RowMode, Numbers = Numbers, ReadOnly = ReadOnly };
}
