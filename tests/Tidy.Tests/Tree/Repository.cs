namespace Kataven.Tidy.Tests.Tree;

/// <summary>The files of this repository as they lie on the disk, without what is built.</summary>
internal static class Repository
{
    private static readonly string[] Built = ["artifacts", "bin", "obj", ".git", ".kataven", ".vs", ".idea", "TestResults", "node_modules"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every text file, by its path from the root with slashes.</summary>
    public static IReadOnlyList<TextFile> Files { get; } =
        [.. Walk(Root).Where(path => !IsBinary(path)).Select(path => new TextFile(Relative(path), path)).OrderBy(file => file.Path, StringComparer.Ordinal)];

    public static IReadOnlyList<SourceFile> Sources { get; } =
        [.. Files.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal)).Select(file => new SourceFile(file))];

    /// <summary>What runs in production, and what people run: everything but tests and benchmarks.</summary>
    public static IEnumerable<SourceFile> Production => Sources.Where(source => !source.IsTest && !source.File.Path.StartsWith("bench/", StringComparison.Ordinal));

    public static IEnumerable<TextFile> Documents => Files.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal));

    public static IEnumerable<string> Folders => Files.Select(file => System.IO.Path.GetDirectoryName(file.Path)!.Replace('\\', '/')).Distinct();

    public static TextFile File(string path) =>
        Files.FirstOrDefault(file => file.Path == path) ?? throw new FileNotFoundException($"{path} is missing.");

    public static bool Has(string path) => System.IO.File.Exists(System.IO.Path.Combine(Root, path)) || Directory.Exists(System.IO.Path.Combine(Root, path));

    private static IEnumerable<string> Walk(string folder) => Directory.EnumerateFiles(folder).Where(file => !IsBuilt(file)).Concat(
        Directory.EnumerateDirectories(folder).Where(child => !IsBuilt(child)).SelectMany(Walk));

    /// <summary>In a further work tree <c>.git</c> is a file.</summary>
    private static bool IsBuilt(string path) => Built.Contains(System.IO.Path.GetFileName(path));

    private static bool IsBinary(string path)
    {
        using var stream = System.IO.File.OpenRead(path);
        var head = new byte[1024];
        return head.AsSpan(0, stream.Read(head)).Contains((byte)0);
    }

    private static string Relative(string path) => System.IO.Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !System.IO.File.Exists(System.IO.Path.Combine(folder, "Kataven.Orleans.sln")))
        {
            folder = System.IO.Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests run from a folder outside the repository.");
    }
}
