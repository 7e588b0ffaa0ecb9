namespace Kataven.Operations;

/// <summary>A status as the table and the answers spell it.</summary>
public static class OperationStatusText
{
    public static string Of(OperationStatus status) => status switch
    {
        OperationStatus.Running => "running",
        OperationStatus.Succeeded => "succeeded",
        _ => "failed",
    };

    /// <exception cref="FormatException">It is none.</exception>
    public static OperationStatus Parse(string text) =>
        TryParse(text, out var status) ? status : throw new FormatException($"\"{text}\" is no status of an operation.");

    public static bool TryParse(string? text, out OperationStatus status)
    {
        (var known, status) = text switch
        {
            "running" => (true, OperationStatus.Running),
            "succeeded" => (true, OperationStatus.Succeeded),
            "failed" => (true, OperationStatus.Failed),
            _ => (false, default),
        };
        return known;
    }
}
