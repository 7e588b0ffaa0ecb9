using System.Text.Json;

namespace Kataven.Cli.Output;

/// <summary>
/// Lays out the objects of the administration routes. Members are taken as they come, so that one which a newer
/// server adds is shown too; a member that is an object is shown as <c>limits.max_lanes</c>.
/// </summary>
internal static class ObjectGrid
{
    /// <summary>One row for each object, with the columns asked for (those among them that appear), else all of them.</summary>
    public static Grid OfList(IReadOnlyList<JsonElement> items, IReadOnlyList<string>? only = null)
    {
        var rows = items.Select(Flatten).ToList();
        var names = rows.SelectMany(static row => row.Select(static member => member.Name)).Distinct().ToList();
        if (only is not null)
            names = [.. only.Where(name => names.Contains(name) || rows.Count == 0)];

        return new Grid(
            [.. names.Select(name => new GridColumn(name, IsNumeric(rows, name)))],
            [.. rows.Select(row => names.Select(name => CellText.Of(Find(row, name))).ToList())])
        {
            Footer = [Count(items.Count)],
        };
    }

    /// <summary>One object, a line for each member.</summary>
    public static Grid OfOne(JsonElement item) =>
        new(
            [new GridColumn("field", IsNumeric: false), new GridColumn("value", IsNumeric: false)],
            [.. Flatten(item).Select(static member => new[] { member.Name, CellText.Of(member.Value) })]);

    public static string Count(int rows) => rows == 1 ? "(1 row)" : $"({rows} rows)";

    private static bool IsNumeric(List<List<(string Name, JsonElement Value)>> rows, string name) =>
        rows.Select(row => Find(row, name).ValueKind)
            .Where(static kind => kind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            .DefaultIfEmpty(JsonValueKind.Null)
            .All(static kind => kind == JsonValueKind.Number);

    private static JsonElement Find(List<(string Name, JsonElement Value)> row, string name) =>
        row.Find(member => member.Name == name).Value;

    private static List<(string Name, JsonElement Value)> Flatten(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
            return [("value", item)];

        var members = new List<(string Name, JsonElement Value)>();
        foreach (var member in item.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Object)
                members.AddRange(member.Value.EnumerateObject().Select(inner => ($"{member.Name}.{inner.Name}", inner.Value)));
            else
                members.Add((member.Name, member.Value));
        }

        return members;
    }
}
