using Kataven.Cli.Http;

namespace Kataven.Cli.Isolation;

/// <summary>What the server as a whole leaves open.</summary>
internal sealed record ServerReport(
    string ServerVersion,
    int IsolationVersion,
    IReadOnlyList<DifferingSetting> Settings,
    IReadOnlyList<Check> Missing,
    IReadOnlyList<string> Findings)
{
    public static async Task<string> ReadAsync(KatavenClient client, CancellationToken cancellationToken)
    {
        using var response = await client.AdminAsync(HttpMethod.Get, "/isolation", null, cancellationToken);
        return await KatavenClient.ReadAsync(response, cancellationToken);
    }

    public static ServerReport Parse(string answer) => IsolationJson.Parse(answer, IsolationJson.Default.ServerReport);

    /// <summary>A protection that cannot be had on this server is missing in every account, and no repair brings it.</summary>
    public bool Lacks(Check check) => Missing.Any(missing => missing.Name == check.Name);
}
