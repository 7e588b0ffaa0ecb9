using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Documents;

public sealed class RouteTests
{
    private static readonly TextFile Document = Repository.File("docs/API.md");

    [Fact]
    public async Task Every_route_is_in_the_reference() =>
        Rule.Same("route", await Route.OfCodeAsync(), Document.Path, Route.Of(Document).Select(written => written.Route));

    [Fact]
    public async Task Every_route_that_a_document_names_is_there()
    {
        var routes = await Route.OfCodeAsync();
        Rule.Holds(
            "A document names routes that are there.",
            Repository.Documents.SelectMany(Route.Of).Where(written => !routes.Contains(written.Route))
                .Select(written => $"{written.Place}: {written.Route}"));
    }
}
