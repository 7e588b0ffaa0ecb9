using Kataven.Tidy.Tests.Tree;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kataven.Tidy.Tests.Code;

public sealed class TypeTests
{
    [Fact]
    public void A_file_has_one_type_outside_of_others() => Rule.Holds(
        "A file has one type, those inside it aside.",
        from source in Repository.Sources
        let types = source.Types.Where(type => !IsFileLocal(type)).Select(SourceFile.NameOf).Distinct().ToList()
        where types.Count > 1
        select $"{source.File.Path}: {string.Join(", ", types)}");

    [Fact]
    public void A_file_is_named_after_its_type() => Rule.Holds(
        "A file is named after its type.",
        from source in Repository.Sources
        let types = source.Types.Select(SourceFile.NameOf).ToList()
        where types.Count > 0 && !types.Contains(source.Stem)
        select $"{source.File.Path}: {string.Join(", ", types)}");

    [Fact]
    public void A_class_is_sealed_or_made_to_be_derived_from() => Rule.Holds(
        "A class is sealed, static or abstract.",
        from source in Repository.Sources
        from type in source.Root.DescendantNodes().OfType<TypeDeclarationSyntax>()
        where type is ClassDeclarationSyntax || (type is RecordDeclarationSyntax record && !record.ClassOrStructKeyword.IsKind(SyntaxKind.StructKeyword))
        where !type.Modifiers.Any(modifier => modifier.Kind() is SyntaxKind.SealedKeyword or SyntaxKind.StaticKeyword or SyntaxKind.AbstractKeyword)
        where !IsPartOfSealed(source, type) && !HasDerived(type) && !IsDerivedAtRunTime(type)
        select $"{source.PlaceOf(type)}: {type.Identifier.Text}");

    private static bool IsFileLocal(MemberDeclarationSyntax type) => type.Modifiers.Any(modifier => modifier.IsKind(SyntaxKind.FileKeyword));

    /// <summary>The other part of a partial class says it.</summary>
    private static bool IsPartOfSealed(SourceFile source, TypeDeclarationSyntax type) =>
        type.Modifiers.Any(modifier => modifier.IsKind(SyntaxKind.PartialKeyword)) && source.File.Name != source.Stem + ".cs";

    private static bool IsDerivedAtRunTime(TypeDeclarationSyntax type) => type.BaseList?.Types.Any(parent => parent.ToString() == "DispatchProxy") == true;

    private static bool HasDerived(TypeDeclarationSyntax type) => Derived.Value.Contains(type.Identifier.Text);

    private static readonly Lazy<HashSet<string>> Derived = new(() =>
        [.. Repository.Sources.SelectMany(source => source.Root.DescendantNodes().OfType<BaseTypeSyntax>())
            .Select(type => type.Type.ToString().Split('<', '(')[0].Split('.')[^1])]);
}
