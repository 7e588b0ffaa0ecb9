using System.Text.Json.Nodes;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Deployment;

/// <summary>docker-compose.yml, with what it merges in its place.</summary>
internal static class Composition
{
    public static JsonNode Root { get; } = Yaml.Read(Repository.File("docker-compose.yml")).Single();

    /// <summary>The services by their names.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode>> Services =>
        Root.At("services").Single().AsObject().Select(pair => KeyValuePair.Create(pair.Key, pair.Value!));

    /// <summary>The processes of this project.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode>> Members => Services.Where(service => service.Value.At("build").Any());
}
