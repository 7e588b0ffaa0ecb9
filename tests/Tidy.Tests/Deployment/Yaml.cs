using System.Text.Json.Nodes;
using Kataven.Tidy.Tests.Tree;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace Kataven.Tidy.Tests.Deployment;

/// <summary>YAML as JSON, with what is merged in its place. Every value is text, since that is what is compared.</summary>
internal static class Yaml
{
    /// <exception cref="YamlException">It is none: a tab, a key that is there twice.</exception>
    public static IReadOnlyList<JsonNode> Read(TextFile file)
    {
        // It refuses a key that is there twice, which merging would let through.
        new YamlStream().Load(new StringReader(file.Text));
        var parser = new MergingParser(new Parser(new StringReader(file.Text)));
        var deserializer = new DeserializerBuilder().Build();
        var documents = new List<JsonNode>();
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
        {
            documents.Add(ToJson(deserializer.Deserialize<object?>(parser))!);
        }

        return documents;
    }

    /// <summary>The nodes at a path: <c>spec.containers.*.ports.*</c>, where a star is every item or value.</summary>
    public static IEnumerable<JsonNode> At(this JsonNode? node, string path) =>
        path.Split('.').Aggregate(
            node is null ? [] : new[] { node }.AsEnumerable(),
            (nodes, step) => nodes.SelectMany(one => Step(one, step)));

    public static string? Text(this JsonNode? node, string path) => node.At(path).FirstOrDefault()?.ToString();

    /// <summary>A node and all that is in it.</summary>
    public static IEnumerable<JsonNode> All(this JsonNode node) => Step(node, "*").SelectMany(All).Prepend(node);

    private static IEnumerable<JsonNode> Step(JsonNode node, string step) => node switch
    {
        JsonObject map when step == "*" => map.Select(pair => pair.Value).OfType<JsonNode>(),
        JsonObject map => map[step] is { } value ? [value] : [],
        JsonArray list when step == "*" => list.OfType<JsonNode>(),
        _ => [],
    };

    private static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        IDictionary<object, object?> map => new JsonObject(map.Select(pair => KeyValuePair.Create((string)pair.Key, ToJson(pair.Value)))),
        IList<object?> list => new JsonArray([.. list.Select(ToJson)]),
        _ => JsonValue.Create(value.ToString()),
    };
}
