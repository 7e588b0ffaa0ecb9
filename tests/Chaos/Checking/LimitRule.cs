using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Checking;

/// <summary>Neither an account's lanes nor the cluster's budget are ever exceeded.</summary>
internal static class LimitRule
{
    public static IEnumerable<Violation> Find(History history) => history.Excesses.Select(excess => new Violation(
        excess.Of == "budget" ? "the budget is never exceeded" : "an account's connections are never more than its max_lanes",
        $"{excess.Of} had {excess.Seen} connections of {excess.Limit} from {excess.From.TotalSeconds:0.000} to {excess.To.TotalSeconds:0.000} s"));
}
