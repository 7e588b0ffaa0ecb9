using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kataven.Cli.Output;

/// <summary>Writes an element without the white space that it came with.</summary>
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class CompactJson : JsonSerializerContext;
