using System.Text.Json.Nodes;
using Kataven.Tidy.Tests.Deployment;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Documents;

public sealed class AlertTests
{
    private static readonly TextFile Rules = Repository.File("deploy/prometheus/kataven-rules.yml");

    private static readonly TextFile Runbooks = Repository.File("docs/RUNBOOKS.md");

    private static readonly string[] Severities = ["critical", "warning"];

    private static IReadOnlyList<JsonNode> Alerts { get; } = [.. Yaml.Read(Rules).Single().At("groups.*.rules.*")];

    [Fact]
    public void Every_alert_has_a_runbook() => Rule.Same(
        "alert",
        Alerts.Select(alert => alert.Text("alert")!),
        Runbooks.Path,
        Runbooks.Lines.Where(line => line.StartsWith("### ", StringComparison.Ordinal)).Select(line => line[4..]));

    [Fact]
    public void Every_alert_leads_to_its_runbook_and_says_what_is_the_matter() => Rule.Holds(
        "An alert has an expression, a severity, a summary, and the address of its runbook.",
        from alert in Alerts
        let name = alert.Text("alert")!
        where string.IsNullOrEmpty(alert.Text("expr")) || !Severities.Contains(alert.Text("labels.severity") ?? "") || string.IsNullOrEmpty(alert.Text("annotations.summary"))
            || alert.Text("annotations.runbook_url") != $"{Runbooks.Path}#{name.ToLowerInvariant()}"
        select name);

    [Fact]
    public void Every_runbook_says_what_it_means_and_what_to_do() => Rule.Holds(
        "A runbook says what an alert means, and what to do.",
        from section in Runbooks.Text.Split("\n### ").Skip(1)
        let text = section.Split("\n## ")[0]
        where !text.Contains("**Means** ", StringComparison.Ordinal) || !(text.Contains("**Do** ", StringComparison.Ordinal) || text.Contains("](#", StringComparison.Ordinal))
        select section.Split('\n')[0]);
}
