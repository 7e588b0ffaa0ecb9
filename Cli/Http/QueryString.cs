namespace Kataven.Cli.Http;

internal static class QueryString
{
    /// <summary>What has no value is left out.</summary>
    public static string Of(params (string Name, string? Value)[] members)
    {
        var parts = members
            .Where(static member => member.Value is not null)
            .Select(static member => $"{member.Name}={Uri.EscapeDataString(member.Value!)}")
            .ToList();
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }
}
