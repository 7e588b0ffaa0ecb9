using System.Text.Json;
using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Clients;

/// <summary>What came back to one request.</summary>
/// <param name="Outcome">What is known of it.</param>
/// <param name="Code"><c>ok</c>, an error's code, or why there was no answer.</param>
/// <param name="Status">The HTTP status; 0 where there was no answer.</param>
/// <param name="Body">The answer.</param>
/// <param name="Front">The front door that was asked.</param>
/// <param name="IsReplay">It says that it was answered before.</param>
internal sealed record Reply(Outcome Outcome, string Code, int Status, JsonElement Body, string Front, bool IsReplay = false)
{
    public string Detail => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("detail", out var detail) ? detail.GetString() ?? "" : "";

    public JsonElement FirstRow => Body.GetProperty("rows")[0];
}
