using System.Text.Json.Serialization;

namespace Kataven.Baseline.Queries;

/// <summary>The parser of bodies, made at build time.</summary>
[JsonSerializable(typeof(QueryRequest))]
internal sealed partial class RequestJson : JsonSerializerContext;
