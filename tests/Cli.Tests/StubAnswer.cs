namespace Kataven.Cli.Tests;

/// <summary>What a stub answers with.</summary>
internal sealed record StubAnswer(int Status, string Body)
{
    public string Type => Status < 400 ? "application/json" : "application/problem+json";

    public static implicit operator StubAnswer(string body) => new(200, body);

    public static StubAnswer Refusal(int status, string code) =>
        new(status, $$"""{"status":{{status}},"code":"{{code}}","detail":"Why."}""");
}
