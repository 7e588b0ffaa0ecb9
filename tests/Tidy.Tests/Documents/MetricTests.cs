using System.Text.Json.Nodes;
using Kataven.Tidy.Tests.Deployment;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Documents;

public sealed class MetricTests
{
    private static readonly TextFile Document = Repository.File("docs/OPERATE.md");

    private static readonly TextFile Rules = Repository.File("deploy/prometheus/kataven-rules.yml");

    private static readonly TextFile Dashboard = Repository.File("deploy/grafana/kataven.json");

    /// <summary>Name, of which process, what it tells.</summary>
    private static IEnumerable<string> Written => Table.Rows(Document)
        .Where(row => row.Cells.Length == 3 && Metric.Of(row.Key).SingleOrDefault() == row.Key).Select(row => row.Key);

    [Fact]
    public void Every_metric_is_in_the_operators_guide() => Rule.Same(
        "metric", Metric.OfCode, Document.Path, Written.Where(name => name.StartsWith("kataven_", StringComparison.Ordinal)));

    [Fact]
    public void Every_metric_of_the_dashboard_is_there() => Rule.Holds(
        $"{Dashboard.Path} asks for metrics that {Document.Path} has.",
        JsonNode.Parse(Dashboard.Text)!.All().Select(node => node.Text("expr")).OfType<string>().SelectMany(Metric.Of).Except(Written));

    [Fact]
    public void Every_metric_of_the_service_is_on_the_dashboard() => Rule.Holds(
        $"A panel of {Dashboard.Path} shows each metric of the service.",
        Metric.OfCode.Except(JsonNode.Parse(Dashboard.Text)!.All().Select(node => node.Text("expr")).OfType<string>().SelectMany(Metric.Of)));

    [Fact]
    public void Every_metric_of_the_alerts_is_there() => Rule.Holds(
        $"{Rules.Path} asks for metrics that {Document.Path} has.",
        Yaml.Read(Rules).Single().At("groups.*.rules.*.expr").SelectMany(node => Metric.Of(node.ToString())).Except(Written));

    [Fact]
    public void Every_metric_that_a_runbook_names_is_there() => Rule.Holds(
        $"A runbook names metrics that {Document.Path} has.",
        Metric.Of(Repository.File("docs/RUNBOOKS.md").Text).Except(Written.Select(name => Metric.Of(name).Single())));

    [Fact]
    public void Every_panel_of_the_dashboard_has_a_place_of_its_own()
    {
        var panels = JsonNode.Parse(Dashboard.Text)!["panels"]!.AsArray().Select(panel => panel!).ToList();
        Assert.Distinct(panels.Select(panel => panel.Text("id")));
        Assert.Distinct(panels.SelectMany(Squares));
        Assert.All(panels.Where(panel => panel.Text("type") != "row"), panel => Assert.NotEmpty(panel.At("targets.*.expr")));
    }

    private static IEnumerable<(int X, int Y)> Squares(JsonNode panel)
    {
        int Of(string name) => (int)panel["gridPos"]![name]!;
        return from x in Enumerable.Range(Of("x"), Of("w"))
               from y in Enumerable.Range(Of("y"), Of("h"))
               select (x, y);
    }
}
