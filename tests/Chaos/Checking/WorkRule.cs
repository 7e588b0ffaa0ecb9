using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Checking;

/// <summary>What operators do to an account fails with PostgreSQL or with its connections alone: it goes on when its silo dies.</summary>
internal static class WorkRule
{
    public static IEnumerable<Violation> Find(History history) =>
        from work in history.Disturbances
        where work.Result.Contains("failed", StringComparison.Ordinal)
        where !history.Disturbances.Any(fault => (fault.IsPostgres || fault.Kind == DisturbanceKind.CutDatabase) && fault.From <= work.To && fault.To >= work.From)
        select new Violation("an operation fails for a reason", work.ToString());
}
