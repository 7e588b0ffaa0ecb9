using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Checking;

/// <summary>An account that is suspended is refused everywhere and holds no connection.</summary>
internal static class SuspensionRule
{
    private const string Rule = "a suspended account is refused and holds no connection";

    public static IEnumerable<Violation> Find(History history) =>
    [
        .. from suspension in history.Suspensions
           from operation in history.Operations
           where operation.Account == suspension.Account && operation.Outcome == Outcome.Acknowledged
           where operation.Start > suspension.InForce && operation.End < suspension.Resuming
           select new Violation(Rule, $"suspended from {suspension.InForce.TotalSeconds:0.000} to {suspension.Resuming.TotalSeconds:0.000} s", operation),
        .. from suspension in history.Suspensions
           where suspension.ConnectionsLeft > 0
           select new Violation(Rule, $"{suspension.ConnectionsLeft} connections of {suspension.Account} at {suspension.InForce.TotalSeconds:0.000} s"),
    ];
}
