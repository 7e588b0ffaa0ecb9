using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Checking;

/// <summary>Something that the service promises and that was not so.</summary>
/// <param name="Rule">What was promised.</param>
/// <param name="What">What was seen.</param>
/// <param name="Operations">The operations concerned.</param>
internal sealed record Violation(string Rule, string What, params IReadOnlyList<Operation> Operations)
{
    public override string ToString() => $"{Rule}: {What}{string.Concat(Operations.Select(operation => $"\n    {operation}"))}";
}
