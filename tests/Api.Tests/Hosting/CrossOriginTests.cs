using System.Net;

namespace Kataven.Api.Tests.Hosting;

public sealed class CrossOriginTests
{
    private const string App = "https://app.example.com";

    [Fact]
    public async Task A_preflight_of_a_configured_origin_is_answered_without_a_token()
    {
        await using var front = await EdgeFront.StartAsync(("Kataven:Cors:Origins", App));
        using var answer = await front.AskAsync(
            HttpMethod.Options,
            "/api/query",
            ("Origin", App),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization,content-type,x-account-id,idempotency-key"));

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(App, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Contains("X-Account-ID", Header(answer, "Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Contains("PATCH", Header(answer, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("/caller", HttpStatusCode.OK)]
    [InlineData("/nowhere", HttpStatusCode.NotFound)]
    [InlineData("/broken", HttpStatusCode.InternalServerError)]
    public async Task Answers_and_errors_can_be_read_by_the_page(string path, HttpStatusCode status)
    {
        await using var front = await EdgeFront.StartAsync(("Kataven:Cors:Origins:0", "https://other.example"), ("Kataven:Cors:Origins:1", App));
        using var answer = await front.AskAsync(HttpMethod.Get, path, ("Origin", App));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(App, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal("Retry-After,Location,Idempotency-Replayed,Transaction-Expires-At,WWW-Authenticate", Header(answer, "Access-Control-Expose-Headers"));
        Assert.Contains("Origin", answer.Headers.Vary);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://app.example.com.evil.example")]
    [InlineData("http://app.example.com")]
    [InlineData("null")]
    public async Task Another_origin_gets_no_leave(string origin)
    {
        await using var front = await EdgeFront.StartAsync(("Kataven:Cors:Origins", App));
        using var answer = await front.AskAsync(HttpMethod.Get, "/caller", ("Origin", origin));

        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task By_default_no_origin_gets_leave()
    {
        await using var front = await EdgeFront.StartAsync();
        using var answer = await front.AskAsync(HttpMethod.Options, "/caller", ("Origin", App), ("Access-Control-Request-Method", "GET"));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static string Header(HttpResponseMessage answer, string name) => string.Join(',', answer.Headers.GetValues(name));
}
