using System.Text.Json;

namespace Kataven.Cli.Output;

internal static class CellText
{
    /// <summary>Strings without their quotes, everything else as the server wrote it: numbers keep each digit.</summary>
    public static string? Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };
}
