namespace Kataven.Hosting;

/// <summary>The form of the log.</summary>
internal sealed class LogSettings
{
    public const string Section = "Kataven:Logging";

    /// <summary>A JSON object a line on standard output, for programs. <c>Logging:Console:FormatterName</c> <c>json</c> does the same.</summary>
    public bool Json { get; set; }
}
