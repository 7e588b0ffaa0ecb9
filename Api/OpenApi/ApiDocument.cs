using System.Text.Json.Nodes;
using Kataven.Api.Tenancy;
using Microsoft.AspNetCore.Http.Metadata;

namespace Kataven.Api.OpenApi;

/// <summary>
/// The OpenAPI document: the routes as they are mapped, the words and examples of <c>openapi.json</c> by the route's name, and the
/// errors of the catalogue. The framework's generator sees neither a body that is read by hand nor an answer that is bytes.
/// </summary>
internal static class ApiDocument
{
    private static readonly HashSet<string> HasBody = [HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch];

    public static JsonObject Build(IEnumerable<Endpoint> endpoints)
    {
        var source = Read();
        var document = source["document"]!.DeepClone().AsObject();
        var operations = source["operations"]!.AsObject();
        var schemas = document["components"]!["schemas"]!;
        schemas["Problem"]!["properties"]!["code"]!["enum"] = ErrorAnswers.Codes();
        schemas["Problem"]!["description"] = $"{schemas["Problem"]!["description"]}\n\n{ErrorAnswers.Table()}";
        var paths = document["paths"]!.AsObject();
        foreach (var route in endpoints.OfType<RouteEndpoint>().Where(IsDescribed).OrderBy(route => route.RoutePattern.RawText, StringComparer.Ordinal))
        {
            var path = (paths[PathOf(route)] ??= new JsonObject()).AsObject();
            foreach (var method in MethodsOf(route).Where(method => !HttpMethods.IsHead(method)))
            {
                path[method.ToLowerInvariant()] = Operation(route, method, operations);
            }
        }

        return document;
    }

    private static bool IsDescribed(RouteEndpoint route) => MethodsOf(route).Count > 0
        && route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true };

    private static string? NameOf(Endpoint route) => route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;

    private static JsonObject Operation(RouteEndpoint route, string method, JsonObject operations)
    {
        var name = NameOf(route) ?? $"{method} {route.RoutePattern.RawText}";
        // One that nobody has described yet is there all the same: a test finds it out.
        var operation = operations[name]?.DeepClone().AsObject() ?? new JsonObject { ["responses"] = new JsonObject() };
        operation["operationId"] = name;
        operation["tags"] = new JsonArray([.. route.Metadata.GetMetadata<ITagsMetadata>()?.Tags.Select(tag => (JsonNode)tag) ?? []]);
        var audience = route.Metadata.GetMetadata<RouteAudience>();
        operation["security"] = audience is null ? new JsonArray() : new JsonArray(new JsonObject { ["bearer"] = new JsonArray() });
        if (audience == RouteAudience.Accounts)
        {
            var parameters = (operation["parameters"] ??= new JsonArray()).AsArray();
            parameters.Insert(0, new JsonObject { ["$ref"] = "#/components/parameters/AccountHeader" });
        }

        var errors = operation["x-errors"]?.AsArray().Select(code => code!.GetValue<string>()).ToArray() ?? [];
        operation.Remove("x-errors");
        var answers = operation["responses"]!.AsObject();
        foreach (var (status, answer) in ErrorAnswers.Of(audience, errors).Where(answer =>
            HasBody.Contains(method) || answer.Status is not StatusCodes.Status415UnsupportedMediaType))
        {
            answers.TryAdd(status.ToString(System.Globalization.CultureInfo.InvariantCulture), answer);
        }

        return operation;
    }

    /// <summary>Without a slash at the end, or what a parameter has to match.</summary>
    private static string PathOf(RouteEndpoint route) => "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            _ => "",
        }))));

    private static IReadOnlyList<string> MethodsOf(RouteEndpoint route) => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];

    private static JsonObject Read()
    {
        using var stream = typeof(ApiDocument).Assembly.GetManifestResourceStream("openapi.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
