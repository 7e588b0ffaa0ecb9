using System.Text.RegularExpressions;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Deployment;

/// <summary>Names of settings in manifests are looked at where all names are: <c>SettingTests</c>.</summary>
public sealed partial class ManifestTests
{
    private static readonly string[] Unprivileged = ["allowPrivilegeEscalation=false", "readOnlyRootFilesystem=true", "capabilities.drop.*=ALL"];

    private const string Component = "app.kubernetes.io/component";

    [Fact]
    public void Every_manifest_is_part_of_a_kustomization() => Rule.Holds(
        "A manifest stands in the kustomization beside it.",
        from file in Manifest.Files
        where file.Name != "kustomization.yaml"
        where !Named(Folder(file)).Contains(file.Path)
        select $"{file.Path} stands in no kustomization");

    [Fact]
    public void What_a_kustomization_names_is_there() => Rule.Holds(
        "What a kustomization names is there.",
        from file in Manifest.Files
        where file.Name == "kustomization.yaml"
        from path in Named(Folder(file))
        where !Repository.Has(path)
        select $"{file.Path}: {path}");

    [Fact]
    public void Probes_ask_for_paths_that_are_there_at_ports_that_are_open() => Rule.Holds(
        "A probe asks for the process's health at a port of its container.",
        from manifest in Manifest.Members
        from container in manifest.Containers
        from kind in new[] { "startupProbe", "livenessProbe", "readinessProbe" }
        let probe = container.At($"{kind}.httpGet").SingleOrDefault()
        let path = probe.Text("path")
        let wanted = kind == "readinessProbe" ? "/health/ready" : "/health/live"
        let ports = container.At("ports.*").Select(port => port.Text("name"))
        where path != wanted || !HealthPaths().Contains(path) || !ports.Contains(probe.Text("port"))
        select $"{manifest.Place}: {kind} {path}");

    [Fact]
    public void Ports_of_containers_are_those_that_the_settings_open() => Rule.Holds(
        "A port of a container is the one that the process listens on.",
        from manifest in Manifest.Members
        from port in manifest.Containers.SelectMany(container => container.At("ports.*"))
        let opened = port.Text("name") switch
        {
            "silo" => Manifest.Setting("Kataven__Silo__SiloPort"),
            "management" => new Uri(Manifest.Setting("Kataven__Management__Urls")).Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "http" => Manifest.Setting("ASPNETCORE_HTTP_PORTS"),
            _ => null,
        }
        where port.Text("containerPort") != opened
        select $"{manifest.Place}: {port.Text("name")} is {port.Text("containerPort")}, and {opened ?? "nothing"} is open");

    [Fact]
    public void Only_members_reach_the_ports_of_members() => Rule.Holds(
        "No service but the headless one, no ingress and no policy lets anybody but silos and front doors to port 11111.",
        (from manifest in Manifest.All
         where manifest.Kind == "NetworkPolicy"
         from rule in manifest.Node.At("spec.ingress.*")
         let ports = rule.At("ports.*").Select(port => port.Text("port")).ToList()
         where ports.Count == 0 || ports.Contains("silo") || ports.Contains("11111")
         where !rule.At("from.*").Any() || rule.At("from.*").Any(peer => peer.At("namespaceSelector").Any() || peer.At("ipBlock").Any()
             || !peer.At("podSelector.matchExpressions.*.values").Any(values => values.ToJsonString() == """["silo","front"]"""))
         select manifest.Place)
        .Concat(
            from manifest in Manifest.All
            where manifest.Kind == "Service" && manifest.Node.Text("spec.clusterIP") != "None"
            where manifest.Node.At("spec.ports.*").Any(port => port.Text("targetPort") is not "http")
            select manifest.Place));

    [Fact]
    public void Nobody_reaches_a_pod_unless_a_policy_says_so() => Assert.Contains(
        Manifest.All,
        manifest => manifest.Kind == "NetworkPolicy" && manifest.Node.At("spec.podSelector").Single().ToJsonString() == "{}" && !manifest.Node.At("spec.ingress").Any());

    [Fact]
    public void Containers_have_no_rights_that_they_do_not_need() => Rule.Holds(
        "A container runs as an unprivileged user, on a file system that it cannot write.",
        from manifest in Manifest.Workloads
        from container in manifest.Containers
        from wanted in Unprivileged
        let pair = wanted.Split('=')
        where container.Text($"securityContext.{pair[0]}") != pair[1] || manifest.Pod.Text("securityContext.runAsNonRoot") != "true"
            || manifest.Pod.Text("automountServiceAccountToken") != "false"
        select $"{manifest.Place}: {wanted}");

    [Fact]
    public void Memory_is_limited_and_processors_are_not() => Rule.Holds(
        "A container asks for memory and processors, has a limit of memory, and none of processors.",
        from manifest in Manifest.Workloads
        from container in manifest.Containers
        where container.Text("resources.requests.memory") is null || container.Text("resources.requests.cpu") is null
            || container.Text("resources.limits.memory") is null || container.Text("resources.limits.cpu") is not null
        select manifest.Place);

    [Fact]
    public void A_pod_has_the_labels_that_it_is_looked_for_by() => Rule.Holds(
        "A selector names the labels of a pod.",
        from manifest in Manifest.All
        from selector in manifest.Node.At(manifest.Kind == "Service" ? "spec.selector" : "spec.selector.matchLabels")
        where !Manifest.Workloads.Any(workload => workload.Node.At("spec.template.metadata.labels").Any(labels => labels.ToJsonString() == selector.ToJsonString()))
        select $"{manifest.Place}: {selector.ToJsonString()}");

    /// <summary>A new version goes to silos first: what is applied then is told by these labels of the objects, not of their pods.</summary>
    [Theory]
    [InlineData("front")]
    [InlineData("silo")]
    public void The_document_leaves_out_a_process_by_the_label_that_it_has(string component)
    {
        Assert.Contains($" -l '{Component}!={component}'", Repository.File("docs/KUBERNETES.md").Text, StringComparison.Ordinal);
        Assert.Contains(Manifest.Members, manifest => ComponentOf(manifest) == component);
        Assert.All(Manifest.Members, manifest => Assert.Equal($"kataven-{ComponentOf(manifest)}", manifest.Name));
    }

    [Fact]
    public void Every_secret_that_a_manifest_asks_for_is_in_the_document() => Rule.Holds(
        "docs/KUBERNETES.md says how a secret is made.",
        from manifest in Manifest.Workloads
        from node in manifest.Node.All()
        let name = node.Text("secretRef.name") ?? node.Text("secret.secretName")
        where name is not null && !Repository.File("docs/KUBERNETES.md").Text.Contains($"`{name}`", StringComparison.Ordinal)
        select $"{manifest.Place}: {name}");

    private static string? ComponentOf(Manifest manifest) => manifest.Node["metadata"]?["labels"]?[Component]?.ToString();

    private static string Folder(TextFile file) => Path.GetDirectoryName(file.Path)!.Replace('\\', '/');

    private static IEnumerable<string> Named(string folder)
    {
        var kustomization = Yaml.Read(Repository.File($"{folder}/kustomization.yaml")).Single();
        return new[] { "resources.*", "components.*", "configMapGenerator.*.envs.*", "configMapGenerator.*.files.*" }
            .SelectMany(kustomization.At)
            .Select(path => Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, folder, path.ToString()))).Replace('\\', '/'));
    }

    private static IEnumerable<string> HealthPaths() =>
        PathOfHealth().Matches(Repository.File("Silo/Health/HealthAnswers.cs").Text).Select(match => match.Groups[1].Value);

    [GeneratedRegex("\"(/health/[a-z]+)\"")]
    private static partial Regex PathOfHealth();
}
