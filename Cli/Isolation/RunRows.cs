using System.Text.Json.Nodes;
using Kataven.Cli.Output;

namespace Kataven.Cli.Isolation;

/// <summary>Writes what was done to accounts; as JSON it is one document.</summary>
internal static class RunRows
{
    public static void Write(AnswerWriter writer, IReadOnlyList<RunRow> rows)
    {
        if (writer.Form == OutputForm.Json)
            writer.WriteText(new JsonObject { ["accounts"] = new JsonArray([.. rows.Select(static row => JsonNode.Parse(row.ToJson().GetRawText()))]) }.ToJsonString());
        else
            writer.WriteRows([.. rows.Select(static row => row.ToJson())], only: null, footer: []);
    }
}
