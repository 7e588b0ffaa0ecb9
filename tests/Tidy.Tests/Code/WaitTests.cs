using Kataven.Tidy.Tests.Tree;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kataven.Tidy.Tests.Code;

public sealed class WaitTests
{
    /// <summary>In a loop it is the pause between two looks. Elsewhere it hopes that something will have happened meanwhile.</summary>
    [Fact]
    public void A_test_waits_for_something_and_not_for_a_time() => Rule.Holds(
        "A test polls with a deadline, and never sleeps in hope.",
        from source in Repository.Sources
        where source.IsTest
        from call in source.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
        where call.Expression.ToString() == "Task.Delay"
        where !call.Ancestors().Any(node => node is WhileStatementSyntax or ForStatementSyntax or DoStatementSyntax or ForEachStatementSyntax)
        select $"{source.PlaceOf(call)}: {call}");

    [Fact]
    public void A_test_that_is_skipped_says_why() => Rule.Holds(
        "A test that does not run says why.",
        from source in Repository.Sources
        where source.IsTest
        from attribute in source.Root.DescendantNodes().OfType<AttributeSyntax>()
        where attribute.Name.ToString() is "Fact" or "Theory"
        from argument in attribute.ArgumentList?.Arguments ?? []
        let name = argument.NameEquals?.Name.ToString()
        where name == "Explicit" || (name == "Skip" && !IsReason(argument.Expression))
        select source.PlaceOf(attribute));

    private static bool IsReason(ExpressionSyntax expression) =>
        expression is LiteralExpressionSyntax literal && literal.Token.ValueText.Trim().Contains(' ', StringComparison.Ordinal);
}
