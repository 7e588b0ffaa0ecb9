using System.Text.RegularExpressions;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.FrontDoor;

/// <summary>
/// A query whose token is known goes past the framework's middleware. With a slash behind its path it does not, and is the same
/// request to the routes: so the two are asked the same.
/// </summary>
public sealed partial class ShortWayTests(ServiceFixture service)
{
    [Fact]
    public async Task A_known_token_s_queries_are_answered_as_those_that_went_all_the_way()
    {
        var account = await service.AccountOfAsync<ShortWayTests>();
        var other = await service.NewAccountAsync("other");
        var bearer = ("Authorization", $"Bearer {await service.TokenAsync(account)}");
        var known = ("X-Account-ID", account);
        var query = new { sql = "select 7 as n" };
        Assert.Equal(200, (await service.Anonymous.CallAsync(HttpMethod.Post, "/api/query", query, bearer, known)).Status);

        (object Body, (string, string)[] Headers)[] requests =
        [
            (query, [bearer, known]),
            (query, [bearer]),
            (query, [bearer, ("X-Account-ID", other)]),
            (query, [bearer, ("X-Account-ID", "NOT A SLUG")]),
            (query, [bearer, ("X-Account-ID", "postgres")]),
            (query, [bearer, ("X-Account-ID", "nobody-has-this")]),
            (query, [bearer, known, known]),
            (query, [bearer, bearer, known]),
            (query, [(bearer.Item1, bearer.Item2 + "x"), known]),
            (query, [(bearer.Item1, bearer.Item2 + " x"), known]),
            (query, [(bearer.Item1, bearer.Item2.Replace("Bearer", "bEARER", StringComparison.Ordinal)), known]),
            (query, [bearer, known, ("X-Long", new string('x', 40_000))]),
            (query, [bearer, known, ("Accept", "text/csv")]),
            (new { sql = "select 1 / 0" }, [bearer, known]),
            (new { nothing = 1 }, [bearer, known]),
        ];
        foreach (var (body, headers) in requests)
        {
            var (shortly, wholly) = (await AskAsync("/api/query", body, headers), await AskAsync("/api/query/", body, headers));
            Assert.Equal(wholly, shortly);
        }
    }

    [Fact]
    public async Task It_takes_posts_alone()
    {
        var account = await service.AccountOfAsync<ShortWayTests>();
        var reply = await service.Client(account).CallAsync(HttpMethod.Get, "/api/query", null);
        Assert.Equal((405, "method_not_allowed"), (reply.Status, reply.Code));
    }

    private async Task<(int Status, string? Type, string Challenge, string Text)> AskAsync(string path, object body, (string, string)[] headers)
    {
        var reply = await service.Anonymous.CallAsync(HttpMethod.Post, path, body, headers);
        return (reply.Status, reply.ContentType, reply.Headers.WwwAuthenticate.ToString(), TraceId().Replace(reply.Text, ""));
    }

    [GeneratedRegex("\"trace_id\":\"[^\"]*\"")]
    private static partial Regex TraceId();
}
