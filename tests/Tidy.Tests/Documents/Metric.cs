using System.Text.RegularExpressions;
using Kataven.Tidy.Tests.Tree;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kataven.Tidy.Tests.Documents;

/// <summary>Metrics as Prometheus reads them.</summary>
internal static partial class Metric
{
    /// <summary>Those that the code makes: an instrument's name, with its unit and what a counter's end in.</summary>
    public static IEnumerable<string> OfCode =>
        (from source in Repository.Production
         from call in source.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
         let arguments = call.ArgumentList.Arguments.Select(argument => (argument.Expression as LiteralExpressionSyntax)?.Token.ValueText).ToList()
         where arguments is [{ } name, ..] && name.StartsWith("kataven.", StringComparison.Ordinal)
         let kind = call.Expression is MemberAccessExpressionSyntax member ? member.Name.Identifier.Text : ""
         where kind.StartsWith("Create", StringComparison.Ordinal)
         select Name(kind, arguments[0]!, arguments.ElementAtOrDefault(kind.StartsWith("CreateObservable", StringComparison.Ordinal) ? 2 : 1)))
        .Concat(from source in Repository.Production
                where source.File.Path.Contains("/Observability/", StringComparison.Ordinal)
                from match in Written().Matches(source.File.Text)
                select match.Groups[1].Value);

    /// <summary>Those that a text names. What a histogram's series end in is not part of its name.</summary>
    public static IEnumerable<string> Of(string text) =>
        Named().Matches(text).Select(match => match.Value).Select(name => Series().Replace(name, "")).Distinct();

    private static string Name(string kind, string name, string? unit)
    {
        var suffix = unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        var isCounter = kind is "CreateCounter" or "CreateObservableCounter";
        return name.Replace('.', '_') + suffix + (isCounter ? "_total" : "");
    }

    /// <summary>What is written as text, without an instrument.</summary>
    [GeneratedRegex("\"(kataven_[a-z_]+)\"")]
    private static partial Regex Written();

    [GeneratedRegex(@"\b(kataven|dotnet|orleans)_[a-z_]+\b")]
    private static partial Regex Named();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Series();
}
