using System.Xml;
using System.Xml.Linq;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Projects;

public sealed class PackageTests
{
    private static readonly XDocument Versions = XDocument.Parse(Repository.File("Directory.Packages.props").Text);

    private static IEnumerable<XElement> Packages => Versions.Descendants("PackageVersion");

    [Fact]
    public void Every_package_has_a_sentence_that_says_what_it_is_for() => Rule.Holds(
        "In Directory.Packages.props a comment stands above each package.",
        Packages.Where(package => Before(package) is not XComment { Value: var text } || !text.TrimEnd().EndsWith('.')).Select(NameOf));

    [Fact]
    public void Every_package_is_used() => Rule.Holds(
        "A package in Directory.Packages.props is used by a project.",
        Packages.Select(NameOf).Except(ProjectFile.All.SelectMany(project => project.Packages)
            .Concat(Repository.Files.Where(file => file.Name == "Directory.Build.props")
                .SelectMany(file => XDocument.Parse(file.Text).Descendants("PackageReference").Select(NameOf)))));

    [Fact]
    public void A_version_is_told_once() => Rule.Holds(
        "A version stands in Directory.Packages.props alone.",
        from project in ProjectFile.All
        from reference in project.PackageReferences
        where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null
        select $"{project.Path}: {NameOf(reference)}");

    private static XNode? Before(XElement package)
    {
        var node = package.PreviousNode;
        while (node is { NodeType: XmlNodeType.Text })
        {
            node = node.PreviousNode;
        }

        return node;
    }

    private static string NameOf(XElement package) => package.Attribute("Include")!.Value;
}
