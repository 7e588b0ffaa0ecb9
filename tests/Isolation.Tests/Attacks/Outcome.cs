using System.Text.Json;
using Kataven.Testing.Service;

namespace Kataven.Isolation.Tests.Attacks;

/// <summary>The answer that a case is judged by.</summary>
internal sealed record Outcome(Reply Reply, TimeSpan Took)
{
    /// <summary>Each value as text, null as an empty one.</summary>
    private List<string[]> Rows => Reply.Status == 200
        ? [.. Reply.Json.GetProperty("rows").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.ToString()).ToArray())]
        : [];

    public bool Meets(JsonElement expectation) => expectation.EnumerateObject().All(Holds);

    private bool Holds(JsonProperty rule) => rule.Name switch
    {
        "sqlstate" => Texts(rule.Value).Contains(Reply.SqlState, StringComparer.Ordinal),
        "not_contains" => !Texts(rule.Value).Any(text => Reply.Text.Contains(text, StringComparison.Ordinal)),
        "message_contains" => Texts(rule.Value).All(text => Reply.Text.Contains(text, StringComparison.Ordinal)),
        "rows" => Reply.Status == 200 && Rows.Count == rule.Value.GetInt32(),
        "equals" => Reply.Status == 200 && Same(rule.Value),
        "not_equals" => Reply.Status == 200 && !Same(rule.Value),
        "ok" => Reply.Status == 200 == rule.Value.GetBoolean(),
        "code" => Texts(rule.Value).Contains(Reply.Code, StringComparer.Ordinal),
        "max_seconds" => Took.TotalSeconds <= rule.Value.GetDouble(),
        "all" => rule.Value.EnumerateArray().All(Meets),
        _ => throw new InvalidOperationException($"No such expectation: {rule.Name}"),
    };

    private bool Same(JsonElement expected) =>
        Rows.Select(row => string.Join('\n', row)).SequenceEqual(
            expected.EnumerateArray().Select(row => string.Join('\n', row.EnumerateArray().Select(value => value.ToString()))));

    private static IEnumerable<string> Texts(JsonElement list) => list.EnumerateArray().Select(text => text.GetString()!);
}
