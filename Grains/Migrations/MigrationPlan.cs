using Kataven.Migrations;

namespace Kataven.Grains.Migrations;

/// <summary>Decides, from the scripts and an account's history, what is to be done.</summary>
internal static class MigrationPlan
{
    /// <summary>The newest version that is in force; 0 for none.</summary>
    public static int VersionOf(IEnumerable<AppliedMigration> history) =>
        history.Where(row => row.IsInForce).Select(row => row.Version).DefaultIfEmpty().Max();

    /// <summary>
    /// What is not in force, up to the target, in the order of the numbers. One with a number below the newest that is in force, as
    /// two branches bring it, is among them.
    /// </summary>
    public static IReadOnlyList<MigrationScript> Pending(IEnumerable<MigrationScript> scripts, IEnumerable<AppliedMigration> history, int? target)
    {
        var done = history.Where(row => row.IsInForce).Select(row => row.Version).ToHashSet();
        return [.. scripts.Where(script => !done.Contains(script.Version) && script.Version <= (target ?? int.MaxValue)).OrderBy(script => script.Version)];
    }

    public static IReadOnlyList<MigrationDrift> Drift(IEnumerable<MigrationScript> scripts, IEnumerable<AppliedMigration> history)
    {
        var now = scripts.ToDictionary(script => script.Version, script => script.Checksum);
        return
        [
            .. from row in history
               where row.IsInForce
               orderby row.Version
               let checksum = now.GetValueOrDefault(row.Version)
               where checksum != row.Checksum
               select new MigrationDrift(row.Version, row.Description, checksum is null ? DriftReason.Vanished : DriftReason.Changed),
        ];
    }
}
