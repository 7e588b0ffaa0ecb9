using System.Xml.Linq;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Projects;

/// <summary>A project, and what it takes from elsewhere.</summary>
internal sealed class ProjectFile(TextFile file)
{
    private readonly XDocument _xml = XDocument.Parse(file.Text);

    public static IReadOnlyList<ProjectFile> All { get; } =
        [.. Repository.Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)).Select(file => new ProjectFile(file))];

    public string Path => file.Path;

    public string Name => System.IO.Path.GetFileNameWithoutExtension(file.Path);

    public bool IsProduction => !file.Path.StartsWith("tests/", StringComparison.Ordinal) && !file.Path.StartsWith("bench/", StringComparison.Ordinal);

    /// <summary>Names of projects.</summary>
    public IEnumerable<string> Projects => Includes("ProjectReference").Select(path => System.IO.Path.GetFileNameWithoutExtension(Unix(path)));

    public IEnumerable<string> Packages => Includes("PackageReference");

    public IEnumerable<XElement> PackageReferences => _xml.Descendants("PackageReference");

    /// <summary>Files of other folders that it compiles, from the root.</summary>
    public IEnumerable<string> LinkedSources => Includes("Compile").Select(Unix).Where(path => path.StartsWith("../", StringComparison.Ordinal))
        .Select(path => path[3..]);

    private IEnumerable<string> Includes(string element) => _xml.Descendants(element).Select(item => item.Attribute("Include")?.Value).OfType<string>();

    private static string Unix(string path) => path.Replace('\\', '/');
}
