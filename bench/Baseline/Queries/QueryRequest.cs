using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kataven.Baseline.Queries;

/// <summary>The body of <c>POST /api/query</c>.</summary>
internal sealed record QueryRequest(
    [property: JsonPropertyName("sql")] string Sql,
    [property: JsonPropertyName("params")] JsonElement[]? Parameters);
