namespace Kataven.Api.Hosting;

/// <summary>Pages of which origins may call the API from a browser.</summary>
internal sealed class CorsSettings
{
    /// <summary>A list, and read as one: this is no section to bind.</summary>
    public const string Setting = "Kataven:Cors:Origins";

    /// <summary>Exact origins, as a browser sends them: <c>https://app.example.com</c>. None by default.</summary>
    public IReadOnlyList<string> Origins { get; set; } = [];
}
