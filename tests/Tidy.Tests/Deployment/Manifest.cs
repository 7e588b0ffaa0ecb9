using System.Text.Json.Nodes;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Deployment;

/// <summary>An object that Kubernetes is given, as it stands in its file, before kustomize.</summary>
internal sealed record Manifest(TextFile File, JsonNode Node)
{
    private static readonly string[] WithPods = ["StatefulSet", "Deployment", "CronJob"];

    public static IReadOnlyList<TextFile> Files { get; } =
        [.. Repository.Files.Where(file => file.Path.StartsWith("deploy/kubernetes/", StringComparison.Ordinal) && file.Name.EndsWith(".yaml", StringComparison.Ordinal))];

    public static IReadOnlyList<Manifest> All { get; } =
        [.. Files.Where(file => file.Name != "kustomization.yaml").SelectMany(file => Yaml.Read(file).Select(node => new Manifest(file, node)))];

    /// <summary>What runs pods.</summary>
    public static IEnumerable<Manifest> Workloads => All.Where(manifest => WithPods.Contains(manifest.Kind));

    /// <summary>Those of them that run the service.</summary>
    public static IEnumerable<Manifest> Members => Workloads.Where(manifest => manifest.Name is "kataven-silo" or "kataven-front");

    public string Kind => Node.Text("kind")!;

    public string Name => Node.Text("metadata.name")!;

    public string Place => $"{File.Path}: {Kind} {Name}";

    /// <summary>Of a workload.</summary>
    public JsonNode Pod => Node.At(Kind == "CronJob" ? "spec.jobTemplate.spec.template.spec" : "spec.template.spec").Single();

    public IEnumerable<JsonNode> Containers => Pod.At("containers.*");

    /// <summary>A setting of the files that every process of a kind is given.</summary>
    public static string Setting(string name) => Repository.Files
        .Where(file => file.Path.StartsWith("deploy/kubernetes/base/", StringComparison.Ordinal) && file.Name.EndsWith(".env", StringComparison.Ordinal))
        .SelectMany(file => file.Lines)
        .Single(line => line.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
}
