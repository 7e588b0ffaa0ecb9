using System.Collections.Immutable;
using Kataven.Queries;

namespace Kataven.Api.Queries;

/// <summary>A query while it is read.</summary>
internal sealed class QueryBody : RequestOptions
{
    /// <summary>What stands before a member's name where it is told: empty, or <c>statements[2].</c></summary>
    public string Path { get; init; } = "";

    public string? Sql { get; set; }

    public ImmutableArray<Parameter> Parameters { get; set; } = [];

    public Statement Statement => new(Sql!, Parameters);
}
