using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kataven.Cli.Output;

/// <summary>Writes the answers of the administration routes in the form that was asked for.</summary>
internal sealed class AnswerWriter(CliConsole console, OutputForm form)
{
    public OutputForm Form => form;

    /// <summary>One object.</summary>
    public void WriteOne(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        if (form == OutputForm.Json)
            WriteText(answer);
        else if (form == OutputForm.Table)
            GridWriter.Write(console, ObjectGrid.OfOne(document.RootElement));
        else
            WriteRows([document.RootElement], only: null, footer: []);
    }

    /// <summary>
    /// An object with a list in it: the list <paramref name="member"/>, or else the first that there is, is laid
    /// out, and below it what stands beside it.
    /// </summary>
    public void WriteList(string answer, string member, IReadOnlyList<string>? only = null)
    {
        using var document = JsonDocument.Parse(answer);
        var root = document.RootElement;
        if (form == OutputForm.Json)
        {
            WriteText(answer);
            return;
        }

        WriteRows([.. ListIn(root, member)], only, [.. ScalarsIn(root)]);
    }

    public void WriteRows(IReadOnlyList<JsonElement> items, IReadOnlyList<string>? only, IReadOnlyList<string> footer)
    {
        if (form == OutputForm.NdJson)
        {
            foreach (var item in items)
                WriteText(JsonSerializer.Serialize(item, CompactJson.Default.JsonElement));
        }
        else if (form == OutputForm.Csv)
        {
            WriteText(CsvText.Of(ObjectGrid.OfList(items)));
        }
        else
        {
            var grid = ObjectGrid.OfList(items, only);
            GridWriter.Write(console, grid with { Footer = [.. grid.Footer, .. footer] });
        }
    }

    /// <summary>Rows that were made here; as JSON they are the list <paramref name="member"/> of one document.</summary>
    public void WriteMade(string member, IReadOnlyList<JsonElement> items, params IReadOnlyList<string> footer)
    {
        if (form == OutputForm.Json)
            WriteText(new JsonObject { [member] = new JsonArray([.. items.Select(static item => JsonNode.Parse(item.GetRawText()))]) }.ToJsonString());
        else
            WriteRows(items, only: null, footer);
    }

    /// <summary>One object, or that it was done where the server answers with nothing.</summary>
    public void WriteOneOrDone(string answer, string line)
    {
        if (answer.Length > 0)
            WriteOne(answer);
        else
            WriteDone(line);
    }

    /// <summary>Done, and the server has nothing more to tell: a program is told by the exit code.</summary>
    public void WriteDone(string line)
    {
        if (form == OutputForm.Table)
            console.Out.WriteLine(line);
    }

    public void WriteText(string text)
    {
        var shown = console.OutIsTerminal ? new TerminalFilter().Next(text) : text;
        console.Out.Write(shown);
        if (!shown.EndsWith('\n'))
            console.Out.WriteLine();
    }

    private static JsonElement.ArrayEnumerator ListIn(JsonElement root, string member)
    {
        if (root.ValueKind == JsonValueKind.Array)
            return root.EnumerateArray();
        if (root.ValueKind != JsonValueKind.Object)
            throw new JsonException();

        return root.TryGetProperty(member, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : root.EnumerateObject().FirstOrDefault(static m => m.Value.ValueKind == JsonValueKind.Array) is { Value.ValueKind: JsonValueKind.Array } first
                ? first.Value.EnumerateArray()
                : throw new JsonException();
    }

    private static IEnumerable<string> ScalarsIn(JsonElement root) =>
        root.ValueKind != JsonValueKind.Object
            ? []
            : root.EnumerateObject()
                .Where(static m => m.Value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object or JsonValueKind.Null))
                .Select(static m => $"{m.Name}: {CellText.Of(m.Value)}");
}
