using Kataven.Tidy.Tests.Tree;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kataven.Tidy.Tests.Code;

public sealed class NameTests
{
    private static readonly string[] Nameless = ["Models", "Services", "Helpers", "Utils", "Utilities", "Common", "Extensions", "Misc"];

    [Fact]
    public void Folders_and_files_are_named_after_features() => Rule.Holds(
        $"No folder or file is called {string.Join(", ", Nameless)}.",
        Repository.Folders.Where(folder => folder.Split('/').Any(part => Nameless.Contains(part)))
            .Concat(Repository.Sources.Where(source => Nameless.Any(name => source.Stem.EndsWith(name, StringComparison.Ordinal)))
                .Select(source => source.File.Path)));

    [Fact]
    public void Namespaces_follow_folders() => Rule.Holds(
        "A namespace is Kataven, the project and its folders (Grains.Interfaces: Kataven and the folders).",
        from source in Repository.Production
        from declared in source.Root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
        where declared.Name.ToString() != NamespaceOf(source.File.Path)
        select $"{source.File.Path}: {declared.Name}, not {NamespaceOf(source.File.Path)}");

    [Fact]
    public void A_tests_name_is_a_sentence() => Rule.Holds(
        "A test's name is a sentence with underscores.",
        from source in Repository.Sources
        where source.IsTest
        from method in source.Root.DescendantNodes().OfType<MethodDeclarationSyntax>()
        where method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() is "Fact" or "Theory")
        where method.Identifier.Text.Count(c => c == '_') < 2 || !method.Modifiers.Any(SyntaxKind.PublicKeyword)
        select $"{source.PlaceOf(method)}: {method.Identifier.Text}");

    [Fact]
    public void Log_messages_stand_in_parts_of_their_own() => Rule.Holds(
        "A [LoggerMessage] stands in X.Log.cs.",
        from source in Repository.Production
        where !source.File.Name.EndsWith(".Log.cs", StringComparison.Ordinal)
        from attribute in source.Root.DescendantNodes().OfType<AttributeSyntax>()
        where attribute.Name.ToString() == "LoggerMessage"
        select source.PlaceOf(attribute));

    private static string NamespaceOf(string path)
    {
        var folders = path.Split('/')[..^1];
        var isNobodys = folders is ["Grains.Interfaces", ..] || SourceFile.SharedFolders.Contains(string.Join('/', folders));
        return string.Join('.', isNobodys ? ["Kataven", .. folders[1..]] : ["Kataven", .. folders]);
    }
}
