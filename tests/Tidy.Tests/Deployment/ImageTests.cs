using Kataven.Tidy.Tests.Projects;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Deployment;

/// <summary>The Dockerfile copies what is built, project by project: one that is forgotten breaks the image alone, which no test builds.</summary>
public sealed class ImageTests
{
    private static readonly TextFile Dockerfile = Repository.File("Dockerfile");

    private static readonly string[] Roots = ["Silo", "Api"];

    private static IEnumerable<ProjectFile> Built => ProjectFile.All.Where(project => Closure(Roots).Contains(project.Name));

    [Fact]
    public void Every_project_of_an_image_is_copied_into_its_build() => Rule.Holds(
        "The Dockerfile copies each project's references first, then its sources.",
        from project in Built
        let folder = Path.GetDirectoryName(project.Path)!
        from line in new[] { $"COPY {project.Path} {folder}/packages.lock.json {folder}/", $"COPY {folder}/ {folder}/" }
        where !Dockerfile.Lines.Contains(line)
        select line);

    [Fact]
    public void What_is_copied_is_not_ignored() => Rule.Holds(
        ".dockerignore lets through what the Dockerfile copies.",
        from line in Dockerfile.Lines
        where line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal)
        from source in line.Split(' ')[1..^1]
        where !source.StartsWith("--", StringComparison.Ordinal)
        let top = source.Split('/')[0]
        where !Repository.Has(source.TrimEnd('/')) || !Repository.File(".dockerignore").Lines.Contains($"!{top}")
        select source);

    [Fact]
    public void The_programs_that_back_up_are_of_the_compositions_PostgreSQL()
    {
        var major = Composition.Root.Text("services.postgres.image")!.Split(':')[1];
        Assert.Contains($"postgresql{major}-client", Dockerfile.Text, StringComparison.Ordinal);
        Assert.All(Manifest.Workloads.Where(manifest => manifest.Kind == "CronJob").SelectMany(manifest => manifest.Containers), container =>
            Assert.Equal($"postgres:{major}-alpine", container.Text("image")));
    }

    private static HashSet<string> Closure(IEnumerable<string> names)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        var next = new Queue<string>(names);
        while (next.TryDequeue(out var name))
        {
            if (all.Add(name))
            {
                ProjectFile.All.Single(project => project.Name == name).Projects.ToList().ForEach(next.Enqueue);
            }
        }

        return all;
    }
}
