using System.Text.Json;
using Kataven.Errors;
using Kataven.Testing.Service;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kataven.EndToEnd.Tests.Around;

public sealed class OpenApiTests(ServiceFixture service)
{
    private const string Document = "/openapi/v1.json";

    [Fact]
    public async Task Every_route_is_described_with_an_example_of_what_is_sent_and_answered()
    {
        var document = (await service.Anonymous.CallAsync(HttpMethod.Get, Document)).Ok();
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Route: $"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value)))
            .ToDictionary(pair => pair.Route, pair => pair.Value);

        Assert.Equal(MappedRoutes(), described.Keys.Order(StringComparer.Ordinal));
        Assert.All(described, operation =>
        {
            Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.Value.GetProperty("tags").EnumerateArray());
            Assert.All(Contents(operation.Value), content =>
                Assert.True(content.TryGetProperty("example", out _) || content.TryGetProperty("examples", out _), operation.Key));
        });
    }

    [Fact]
    public async Task Every_error_code_is_in_the_schema_and_at_a_status_of_some_route()
    {
        var reply = await service.Anonymous.CallAsync(HttpMethod.Get, Document);
        var codes = ErrorCatalogue.Entries.Values.Select(entry => entry.Code).ToHashSet();

        var listed = reply.Ok().GetProperty("components").GetProperty("schemas").GetProperty("Problem").GetProperty("properties")
            .GetProperty("code").GetProperty("enum").EnumerateArray().Select(code => code.GetString()!).ToHashSet();

        Assert.Equal(codes, listed);
        Assert.All(codes, code => Assert.Contains($"`{code}`", reply.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_document_points_at_nothing_that_it_lacks()
    {
        var document = (await service.Anonymous.CallAsync(HttpMethod.Get, Document)).Ok();

        Assert.All(References(document).Distinct(), reference => Assert.True(
            reference.Split('/').Skip(1).Aggregate((JsonElement?)document, (at, name) =>
                at is { } element && element.TryGetProperty(name, out var next) ? next : null) is not null,
            reference));
    }

    [Fact]
    public async Task The_page_loads_nothing_from_another_host()
    {
        var page = await service.Anonymous.CallAsync(HttpMethod.Get, "/docs/");

        Assert.Equal(200, page.Status);
        Assert.DoesNotContain("http://", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page.Text, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", string.Concat(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        foreach (var script in new[] { "/docs/scalar.js", "/docs/scalar.aspnetcore.js" })
        {
            Assert.Equal(200, (await service.Anonymous.CallAsync(HttpMethod.Get, script)).Status);
        }
    }

    private IEnumerable<string> MappedRoutes() => service.Services.GetServices<EndpointDataSource>()
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .SelectMany(route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
            .Where(method => method != "HEAD").Select(method => $"{method} /{route.RoutePattern.RawText!.Trim('/')}"))
        .Where(route => !route.Contains(" /docs", StringComparison.Ordinal) && !route.EndsWith(Document, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static IEnumerable<JsonElement> Contents(JsonElement operation) => operation.GetProperty("responses").EnumerateObject()
        .Select(answer => answer.Value)
        .Concat(operation.TryGetProperty("requestBody", out var body) ? [body] : [])
        .SelectMany(part => part.TryGetProperty("content", out var content) ? content.EnumerateObject().Select(type => type.Value) : []);

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member is { Name: "$ref", Value.ValueKind: JsonValueKind.String } ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
