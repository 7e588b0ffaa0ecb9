namespace Kataven.Cli.Output;

internal static class OutputForms
{
    public static OutputForm? Parse(string text) => text.ToLowerInvariant() switch
    {
        "table" => OutputForm.Table,
        "json" => OutputForm.Json,
        "csv" => OutputForm.Csv,
        "ndjson" => OutputForm.NdJson,
        _ => null,
    };

    /// <summary>What is asked of <c>POST /api/query</c>: the server draws no tables.</summary>
    public static string MediaType(this OutputForm form) => form switch
    {
        OutputForm.Csv => "text/csv",
        OutputForm.NdJson => "application/x-ndjson",
        _ => "application/json",
    };
}
