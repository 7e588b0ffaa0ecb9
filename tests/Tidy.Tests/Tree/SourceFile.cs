using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kataven.Tidy.Tests.Tree;

/// <summary>A C# file and its syntax.</summary>
internal sealed class SourceFile(TextFile file)
{
    /// <summary>Folders of the silo that front doors compile too: their namespaces are nobody's.</summary>
    public static readonly string[] SharedFolders = ["Silo/Membership", "Silo/Hosting", "Silo/Observability", "Silo/Health"];

    private readonly Lazy<CompilationUnitSyntax> _root = new(() => CSharpSyntaxTree.ParseText(file.Text).GetCompilationUnitRoot());

    public TextFile File => file;

    public CompilationUnitSyntax Root => _root.Value;

    public bool IsTest => file.Path.StartsWith("tests/", StringComparison.Ordinal);

    /// <summary>The file's name up to its first dot: <c>AccountFeed</c> for <c>AccountFeed.Log.cs</c>.</summary>
    public string Stem => file.Name.Split('.')[0];

    /// <summary>Types and delegates that stand in no other type.</summary>
    public IEnumerable<MemberDeclarationSyntax> Types => Root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        .OfType<MemberDeclarationSyntax>()
        .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    /// <summary>The lines that a node takes, without its documentation.</summary>
    public static int LinesOf(SyntaxNode node)
    {
        var span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    public string PlaceOf(SyntaxNode node) => $"{file.Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

    public static string NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax declared => declared.Identifier.Text,
        DelegateDeclarationSyntax declared => declared.Identifier.Text,
        _ => "",
    };
}
