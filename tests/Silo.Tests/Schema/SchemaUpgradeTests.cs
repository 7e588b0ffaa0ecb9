using Kataven.Silo.Schema;

namespace Kataven.Silo.Tests.Schema;

public sealed class SchemaUpgradeTests
{
    private static readonly SchemaScript First = new(1, "0001_first.sql", "SELECT 1;\n");
    private static readonly SchemaScript Second = new(2, "0002_second.sql", "SELECT 2;\n");
    private static readonly SchemaScript Third = new(3, "0003_third.sql", "SELECT 3;\n");

    [Fact]
    public void The_embedded_scripts_are_numbered_without_a_gap()
        => Assert.Equal(
            Enumerable.Range(1, SchemaScript.Embedded.Count),
            SchemaScript.Embedded.Select(script => script.Version));

    [Fact]
    public void The_gate_waits_for_the_newest_script()
        => Assert.Equal(SchemaGate.NewestVersion, SchemaScript.Embedded[^1].Version);

    [Fact]
    public void A_database_without_history_gets_all_in_order()
        => Assert.Equal([First, Second, Third], SchemaUpgrade.Pending([First, Second, Third], new Dictionary<int, string>()));

    [Fact]
    public void Only_what_is_missing_is_applied()
        => Assert.Equal(
            [Second],
            SchemaUpgrade.Pending([First, Second], new Dictionary<int, string> { [1] = First.Checksum, [9] = "from a newer build" }));

    [Fact]
    public void A_script_that_changed_is_refused_by_its_name()
    {
        var refusal = Assert.Throws<InvalidOperationException>(
            () => SchemaUpgrade.Pending([First, Second, Third], new Dictionary<int, string> { [1] = First.Checksum, [2] = "other" }));
        Assert.Contains("0002_second.sql", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_ends_do_not_change_a_checksum()
        => Assert.Equal(First.Checksum, new SchemaScript(1, First.Name, "SELECT 1;\r\n").Checksum);
}
