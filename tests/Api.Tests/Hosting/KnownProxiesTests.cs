namespace Kataven.Api.Tests.Hosting;

public sealed class KnownProxiesTests
{
    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.9", "127.0.0.1 http 127.0.0.1 remote")]
    [InlineData("X-Forwarded-Proto", "https", "127.0.0.1 http 127.0.0.1 remote")]
    [InlineData("X-Forwarded-Host", "localhost", "127.0.0.1 http 127.0.0.1 remote")]
    [InlineData("Forwarded", "for=203.0.113.9", "127.0.0.1 http 127.0.0.1 remote")]
    [InlineData("X-Other", "1", "127.0.0.1 http 127.0.0.1 local")]
    public async Task Nobody_is_believed_by_default(string header, string value, string seen)
    {
        await using var front = await EdgeFront.StartAsync();

        Assert.Equal(seen, await CallerAsync(front, (header, value)));
    }

    [Fact]
    public async Task Nobody_is_believed_where_the_framework_is_told_to_believe_all()
    {
        await using var front = await EdgeFront.StartAsync(("FORWARDEDHEADERS_ENABLED", "true"));

        Assert.Equal("127.0.0.1 http 127.0.0.1 remote", await CallerAsync(front, ("X-Forwarded-For", "203.0.113.9")));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.0/8, 127.0.0.0/8")]
    public async Task A_known_proxy_says_whom_it_calls_for(string known)
    {
        await using var front = await EdgeFront.StartAsync(("Kataven:Proxies:Known", known));

        var seen = await CallerAsync(front, ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"));

        Assert.Equal("203.0.113.9 https 127.0.0.1 remote", seen);
    }

    [Fact]
    public async Task Of_a_chain_only_what_known_proxies_wrote_counts()
    {
        await using var front = await EdgeFront.StartAsync(("Kataven:Proxies:Known", "127.0.0.1,10.0.0.0/8"));

        // The first was written by the client, the last by the proxy nearest to us.
        Assert.StartsWith("203.0.113.9 ", await CallerAsync(front, ("X-Forwarded-For", "127.0.0.1, 203.0.113.9, 10.0.0.7")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-Proto", "http")]
    public async Task What_a_known_proxy_passes_on_is_never_local(string header, string value)
    {
        await using var front = await EdgeFront.StartAsync(("Kataven:Proxies:Known", "127.0.0.1"));

        Assert.EndsWith(" remote", await CallerAsync(front, (header, value)), StringComparison.Ordinal);
    }

    private static async Task<string> CallerAsync(EdgeFront front, params (string Name, string Value)[] headers)
    {
        using var response = await front.AskAsync(HttpMethod.Get, "/caller", headers);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
