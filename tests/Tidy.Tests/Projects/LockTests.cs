using System.Text.Json;
using System.Xml.Linq;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Projects;

/// <summary>An image is built from exactly what the lock files name, so they have to follow the projects.</summary>
public sealed class LockTests
{
    private static readonly Dictionary<string, string> Versions = XDocument.Parse(Repository.File("Directory.Packages.props").Text)
        .Descendants("PackageVersion").ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);

    [Fact]
    public void Every_project_has_a_lock_file_with_the_packages_that_it_references() => Rule.Holds(
        "packages.lock.json has each package of its project (dotnet restore writes it; commit it with the project).",
        from project in ProjectFile.All
        from fault in Faults(project)
        select $"{project.Path}: {fault}");

    private static IEnumerable<string> Faults(ProjectFile project)
    {
        var path = $"{Path.GetDirectoryName(project.Path)!.Replace('\\', '/')}/packages.lock.json";
        if (!Repository.Has(path))
        {
            return ["no lock file"];
        }

        using var document = JsonDocument.Parse(Repository.File(path).Text);
        var locked = document.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.TryGetProperty("resolved", out _))
            .GroupBy(package => package.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(package => package.Key, package => package.First().Value.GetProperty("resolved").GetString()!, StringComparer.OrdinalIgnoreCase);
        return project.Packages.Where(package => locked.GetValueOrDefault(package) != Versions[package])
            .Select(package => $"{package} {Versions[package]}, locked is {locked.GetValueOrDefault(package) ?? "none"}");
    }
}
