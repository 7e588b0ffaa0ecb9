using System.Text.RegularExpressions;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Documents;

public sealed partial class LinkTests
{
    [Fact]
    public void Every_link_leads_somewhere() => Rule.Holds(
        "A link to a file leads to one, and one to a heading to one.",
        from document in Repository.Documents
        from line in document.Numbered
        from match in Link().Matches(line.Line)
        let target = match.Groups[1].Value
        where !target.Contains("://", StringComparison.Ordinal) && !IsThere(document, target)
        select $"{line.Place}: {target}");

    [Fact]
    public void Every_script_that_a_document_runs_is_there_and_can_be_run() => Rule.Holds(
        "A script that a document runs is there, and may be run.",
        from document in Repository.Documents
        from line in document.Numbered
        from match in Script().Matches(line.Line)
        where !MayRun(match.Groups[1].Value)
        select $"{line.Place}: {match.Value}");

    [Fact]
    public void The_readme_leads_to_every_document() => Rule.Holds(
        "README.md links every document.",
        Repository.Documents.Select(document => document.Path)
            .Where(path => path.StartsWith("docs/", StringComparison.Ordinal) && !Repository.File("README.md").Text.Contains($"({path})", StringComparison.Ordinal)));

    private static bool IsThere(TextFile document, string target)
    {
        var (path, heading) = target.Split('#') is [var file, var part] ? (file, part) : (target, null);
        var full = path.Length == 0 ? document.Path : Normal(Path.Combine(Path.GetDirectoryName(document.Path)!, path));
        return Repository.Has(full) && (heading is null || Headings(Repository.File(full)).Contains(heading));
    }

    private static string Normal(string path) => Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, path))).Replace('\\', '/');

    /// <summary>Headings as they are linked: small letters, hyphens for spaces, no other signs.</summary>
    private static IEnumerable<string> Headings(TextFile document) => document.Lines
        .Where(line => line.StartsWith('#'))
        .Select(line => NoLetter().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static bool MayRun(string name)
    {
        var path = Path.Combine(Repository.Root, name);
        return File.Exists(path) && (OperatingSystem.IsWindows() || File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute));
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<![\w./])\./([a-z]+)\b(?!/)")]
    private static partial Regex Script();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoLetter();
}
