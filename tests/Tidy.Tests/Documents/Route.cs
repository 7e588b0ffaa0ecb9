using System.Text.RegularExpressions;
using Kataven.Api.Hosting;
using Kataven.Tidy.Tests.Tree;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Kataven.Tidy.Tests.Documents;

/// <summary>Routes as <c>GET /api/accounts/validate/{}</c>: what a place in a path is called differs between code and documents.</summary>
internal static partial class Route
{
    /// <summary>What a front door in <c>Development</c> answers, as its own endpoints say. It is built and not started.</summary>
    public static async Task<IReadOnlyList<string>> OfCodeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            EnvironmentName = "Development",
            Args = ["--ConnectionStrings:System=Host=127.0.0.1", "--urls=http://127.0.0.1:0"],
        });
        builder.Logging.ClearProviders();
        builder.JoinClusterAsFrontDoor();
        builder.AddFrontDoor();
        await using var app = builder.Build();
        app.MapFrontDoor();
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().SelectMany(Of).Where(route => !IsPartOfThePage(route)).Distinct()];
    }

    /// <summary>Those that a document has in backticks.</summary>
    public static IEnumerable<(string Place, string Route)> Of(TextFile document) =>
        from line in document.Numbered
        from match in Written().Matches(line.Line)
        select (line.Place, $"{match.Groups[1].Value} {Normal(match.Groups[2].Value)}");

    private static IEnumerable<string> Of(RouteEndpoint endpoint) =>
        (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Where(method => method != "HEAD")
        .Select(method => $"{method} {Normal("/" + endpoint.RoutePattern.RawText!.TrimStart('/'))}");

    private static bool IsPartOfThePage(string route) => route.StartsWith("GET /docs/", StringComparison.Ordinal);

    private static string Normal(string path) => Place().Replace(Optional().Replace(path, ""), "{}").TrimEnd('/') is { Length: > 0 } normal ? normal : "/";

    [GeneratedRegex(@"`(GET|POST|PUT|PATCH|DELETE) (/[^`?\s]*)")]
    private static partial Regex Written();

    [GeneratedRegex(@"/\{[^}]*\?\}$")]
    private static partial Regex Optional();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Place();
}
