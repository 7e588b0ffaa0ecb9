using System.Text.Json;
using System.Text.Json.Nodes;
using Kataven.Cli.Output;

namespace Kataven.Cli.Migrations;

/// <summary>Writes a rollout; in a table its failures have one of their own.</summary>
internal static class RolloutWriter
{
    public static void Write(AnswerWriter writer, Rollout rollout)
    {
        if (writer.Form != OutputForm.Table || JsonNode.Parse(rollout.Answer) is not JsonObject shown || shown["failures"] is not JsonArray failures)
        {
            writer.WriteOne(rollout.Answer);
            return;
        }

        shown.Remove("failures");
        writer.WriteOne(shown.ToJsonString());
        if (failures.Count == 0)
            return;

        using var list = JsonDocument.Parse(failures.ToJsonString());
        writer.WriteRows([.. list.RootElement.EnumerateArray()], only: null, footer: []);
    }
}
