namespace Kataven.Observability;

/// <summary>Where a process serves its health and its metrics to those who operate it, and nothing else.</summary>
internal sealed class ManagementOptions
{
    /// <summary>Its URLs are a list, and read as one: this is no section to bind.</summary>
    public const string Setting = "Kataven:Management:Urls";

    /// <summary>Of a silo, which has no other address for HTTP.</summary>
    public const string SiloDefault = "http://127.0.0.1:5081";

    /// <summary>Plain HTTP: <c>http://127.0.0.1:5081</c>. None: there is no such address.</summary>
    public IReadOnlyList<string> Urls { get; set; } = [];
}
