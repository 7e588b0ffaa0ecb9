using Kataven.Tidy.Tests.Tree;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kataven.Tidy.Tests.Code;

public sealed class SizeTests
{
    private const int LongestFile = 300;
    private const int LongestMethod = 70;
    private const int MedianFile = 60;

    [Fact]
    public void No_file_is_longer_than_300_lines() => Rule.Holds(
        $"No file is longer than {LongestFile} lines.",
        Repository.Sources.Where(source => source.File.Lines.Length > LongestFile)
            .Select(source => $"{source.File.Path}: {source.File.Lines.Length} lines"));

    [Fact]
    public void Half_of_the_files_are_shorter_than_60_lines()
    {
        var lengths = Repository.Production.Select(source => source.File.Lines.Length).Order().ToList();
        Assert.InRange(lengths[lengths.Count / 2], 1, MedianFile - 1);
    }

    [Fact]
    public void No_method_is_longer_than_70_lines() => Rule.Holds(
        $"No method is longer than {LongestMethod} lines.",
        from source in Repository.Sources
        from node in source.Root.DescendantNodes()
        where node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
        let lines = SourceFile.LinesOf(node)
        where lines > LongestMethod
        select $"{source.PlaceOf(node)}: {lines} lines");

    [Fact]
    public void Program_is_a_table_of_contents_of_under_60_lines() => Rule.Holds(
        "Program.cs is a table of contents of under 60 lines.",
        Repository.Production.Where(source => source.File.Name == "Program.cs" && source.File.Lines.Length >= 60)
            .Select(source => source.File.Path));
}
