using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Projects;

public sealed class ReferenceTests
{
    /// <summary>The house: what each project may reference. A project that is not here has no place in it yet.</summary>
    private static readonly Dictionary<string, string[]> House = new()
    {
        ["Grains.Interfaces"] = [],
        ["Grains"] = ["Grains.Interfaces"],
        ["Silo"] = ["Grains"],
        ["Api"] = ["Grains.Interfaces"],
        ["Standalone"] = ["Silo", "Api", "Postgres.Embedded"],
        ["Postgres.Embedded"] = [],
        ["Cli"] = [],
    };

    /// <summary>What a front door shares with silos by compiling it too: what every process of the cluster has to be.</summary>
    private static readonly string[] SharedSources =
        [.. SourceFile.SharedFolders.Select(folder => $"{folder}/"), "Silo/Schema/SchemaGate"];

    [Fact]
    public void Dependencies_point_one_way() => Rule.Holds(
        "Projects reference what the house allows.",
        from project in ProjectFile.All
        where project.IsProduction
        from reference in House.TryGetValue(project.Name, out var allowed) ? project.Projects.Except(allowed) : ["(no place in the house)"]
        select $"{project.Path}: {reference}");

    [Fact]
    public void Nothing_in_production_references_a_test() => Rule.Holds(
        "Tests are referenced by tests and benchmarks alone.",
        from project in ProjectFile.All
        where project.IsProduction
        from reference in project.Projects
        where !House.ContainsKey(reference)
        select $"{project.Path}: {reference}");

    [Fact]
    public void The_front_door_compiles_nothing_of_the_silo_but_what_every_process_is() => Rule.Holds(
        "A project compiles its own files, and the front door what every process of the cluster has.",
        from project in ProjectFile.All
        where project.IsProduction
        from path in project.LinkedSources
        where project.Name != "Api" || !SharedSources.Any(shared => path.StartsWith(shared, StringComparison.Ordinal))
        select $"{project.Path}: {path}");

    [Fact]
    public void The_interfaces_need_the_Orleans_SDK_and_nothing_else() =>
        Assert.Equal(["Microsoft.Orleans.Sdk"], ProjectFile.All.Single(project => project.Name == "Grains.Interfaces").Packages);

    [Fact]
    public void No_project_references_itself_by_way_of_others()
    {
        var references = ProjectFile.All.ToDictionary(project => project.Name, project => project.Projects.ToList());
        Rule.Holds("There is no cycle.", references.Keys.Where(project => Reaches(project, project, references, [])));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.File("Kataven.Orleans.sln").Text.Replace('\\', '/');
        Rule.Holds(
            "Every project is in the solution.",
            ProjectFile.All.Select(project => project.Path).Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal)));
    }

    private static bool Reaches(string from, string to, Dictionary<string, List<string>> references, HashSet<string> seen) =>
        references.GetValueOrDefault(from, []).Any(next => next == to || (seen.Add(next) && Reaches(next, to, references, seen)));
}
