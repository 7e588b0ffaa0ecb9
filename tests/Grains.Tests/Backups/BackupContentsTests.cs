using System.Text.Json.Nodes;
using Kataven.Grains.Backups;
using Kataven.Grains.Migrations;

namespace Kataven.Grains.Tests.Backups;

public sealed class BackupContentsTests
{
    private static readonly SchemaObject[] Objects =
    [
        new("index", "public", "one", "s1", "d1"),
        new("index", "public", "two", "s2", "d2"),
        new("table", "public", "item", "s3", "d3"),
    ];

    [Fact]
    public void What_is_kept_is_read_again()
    {
        var contents = new BackupContents(BackupManifest.None, SchemaStructure.Of(Objects), [], "t_1");

        var read = BackupContents.Read(contents.ToJson());

        Assert.Equal(contents.ToJson(), read.ToJson());
        Assert.Equal([], contents.Structure!.Differences(read.Structure!));
    }

    [Fact]
    public void A_backup_with_a_checksum_of_texts_has_no_structure() => Assert.Null(BackupContents.Read("""
        {"rows":{"Tables":[],"LargeObjects":0,"DatabaseBytes":0},"schema_sha256":"5b1a","migrations":[],"role":"t_1"}
        """).Structure);

    [Fact]
    public void What_differs_is_told_by_its_kind()
    {
        var structure = SchemaStructure.Of(Objects);

        Assert.Equal(["index 1 instead of 2"], structure.Differences(SchemaStructure.Of(Objects[1..])));
        Assert.Equal(["index differs", "table 2 instead of 1"], structure.Differences(SchemaStructure.Of(
            [Objects[0], Objects[1] with { Structure = "s4" }, Objects[2], Objects[2] with { Name = "more" }])));
        Assert.Equal(["trigger 1 instead of 0"], structure.Differences(SchemaStructure.Of([.. Objects, new("trigger", "public", "item.t", "s5", "d5")])));
        // An expression that reads otherwise is no difference.
        Assert.Equal([], structure.Differences(SchemaStructure.Of([Objects[0], Objects[1] with { Definition = "d4" }, Objects[2]])));
    }

    /// <summary>A kind that either of two versions of the service does not know is no reason to refuse a restore.</summary>
    [Fact]
    public void A_kind_that_only_one_of_them_has_is_not_compared()
    {
        var json = SchemaStructure.Of(Objects).ToJson();
        json.Remove("index");
        json["operator"] = new JsonObject { ["count"] = 3L, ["sha256"] = "another" };

        Assert.Equal([], SchemaStructure.Read(json).Differences(SchemaStructure.Of(Objects[2..])));
        Assert.Equal([], SchemaStructure.Of(Objects[2..]).Differences(SchemaStructure.Read(json)));
    }
}
