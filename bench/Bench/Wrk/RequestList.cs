using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kataven.Load;

namespace Kataven.Bench.Wrk;

/// <summary>What is sent: each body for each account.</summary>
/// <param name="Targets">The accounts, in turn.</param>
/// <param name="Bodies">JSON of <c>POST /api/query</c>.</param>
/// <param name="Accept">The form of answer that is asked for.</param>
internal sealed record RequestList(IReadOnlyList<Target> Targets, IReadOnlyList<string> Bodies, string Accept = "application/json")
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The list as <c>requests.lua</c> reads it.</summary>
    public async Task WriteAsync(string path, CancellationToken cancellation)
    {
        var lua = new StringBuilder("return { accept = ").Append(Quote(Accept)).AppendLine(", targets = {");
        foreach (var target in Targets)
        {
            lua.Append(CultureInfo.InvariantCulture, $"{{ account = {Quote(target.Account)}, token = {(target.Token is { } token ? Quote(token) : "nil")} }},").AppendLine();
        }

        lua.AppendLine("}, bodies = {");
        foreach (var body in Bodies)
        {
            lua.Append(Quote(body)).AppendLine(",");
        }

        await File.WriteAllTextAsync(path, lua.AppendLine("} }").ToString(), cancellation);
    }

    /// <summary>Bodies and tokens are ASCII, where JSON's escapes of quotes and backslashes are Lua's too.</summary>
    private static string Quote(string text) => JsonSerializer.Serialize(text, Relaxed);
}
