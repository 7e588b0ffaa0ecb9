using Kataven.Grains.Migrations;
using Kataven.Migrations;

namespace Kataven.Grains.Tests.Migrations;

public sealed class MigrationPlanTests
{
    private static readonly MigrationScript[] Scripts = [Script(1), Script(2), Script(5)];

    [Theory]
    [InlineData("", null, "1,2,5")]
    [InlineData("", 2, "1,2")]
    [InlineData("1,2,5", null, "")]
    [InlineData("1,2,5", 1, "")]
    [InlineData("1,5", null, "2")]
    [InlineData("1,5", 1, "")]
    public void What_is_pending_comes_in_order_and_never_goes_back(string applied, int? target, string pending) =>
        Assert.Equal(pending, string.Join(',', MigrationPlan.Pending(Scripts, History(applied), target).Select(script => script.Version)));

    [Theory]
    [InlineData("aborted", 0, 3)]
    [InlineData("in progress", 0, 3)]
    [InlineData(null, 0, 3)]
    [InlineData("committed", 1, 2)]
    public void What_nobody_wrote_down_is_in_force_where_it_was_committed(string? outcome, int version, int pending)
    {
        AppliedMigration[] history = [Row(1) with { IsApplied = false, Xid = 7, Outcome = outcome }];
        Assert.Equal(version, MigrationPlan.VersionOf(history));
        Assert.Equal(pending, MigrationPlan.Pending(Scripts, history, null).Count);
    }

    [Fact]
    public void A_script_that_changed_or_vanished_is_drift()
    {
        AppliedMigration[] history = [Row(1), Row(2) with { Checksum = "another" }, Row(4)];
        Assert.Equal(
            [new MigrationDrift(2, "script 2", DriftReason.Changed), new MigrationDrift(4, "script 4", DriftReason.Vanished)],
            MigrationPlan.Drift(Scripts, history));
    }

    private static AppliedMigration[] History(string applied) =>
        [.. applied.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(version => Row(int.Parse(version, System.Globalization.CultureInfo.InvariantCulture)))];

    private static AppliedMigration Row(int version) => new()
    {
        Version = version,
        Description = $"script {version}",
        Checksum = Script(version).Checksum,
        IsApplied = true,
    };

    private static MigrationScript Script(int version) => new(version, $"script {version}", $"SELECT {version}");
}
