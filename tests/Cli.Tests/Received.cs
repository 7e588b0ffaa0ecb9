namespace Kataven.Cli.Tests;

/// <summary>A request as the server got it.</summary>
internal sealed record Received(string Method, string Target, string Authorization, string Account, string Accept, string Body)
{
    public string IdempotencyKey { get; init; } = "";

    public string Line => $"{Method} {Target}";
}
