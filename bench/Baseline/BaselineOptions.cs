namespace Kataven.Baseline;

internal sealed class BaselineOptions
{
    public const string Section = "Baseline";

    /// <summary>Of the system database.</summary>
    public string System { get; set; } = "";

    /// <summary>Of any account's database, but for its name.</summary>
    public string Accounts { get; set; } = "";

    public string Authority { get; set; } = "";

    public string Audience { get; set; } = "";
}
