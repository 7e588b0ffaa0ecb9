using Kataven.Grains.Accounts;
using Kataven.Grains.Isolation;
using Kataven.Grains.Migrations;
using Kataven.Isolation.Tests.Servers;
using Kataven.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kataven.Isolation.Tests.Migrations;

/// <summary>What two databases have in common, and in what they differ.</summary>
public abstract class FingerprintSuite(ArenaService service) : ServerSuite(service)
{
    private static readonly string[] Objects =
    [
        "CREATE SCHEMA \"Odd\"",
        "CREATE TYPE mood AS ENUM ('sad', 'glad')",
        "CREATE TYPE pair AS (a int, b text)",
        "CREATE TYPE span AS RANGE (SUBTYPE = int)",
        "CREATE DOMAIN small AS int CHECK (VALUE < 10)",
        "CREATE SEQUENCE counter START 5",
        "CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2'",
        "CREATE AGGREGATE largest (int) (SFUNC = int4larger, STYPE = int)",
        "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end'",
    ];

    private static readonly string[] Tables =
    [
        "CREATE TABLE item (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(20) DEFAULT 'x' NOT NULL, size int, twice int GENERATED ALWAYS AS (size * 2) STORED, CONSTRAINT positive CHECK (size > 0))",
        "CREATE TABLE \"Odd\".\"T\" (\"A\" serial, m public.mood)",
        "CREATE TABLE part (a int) PARTITION BY RANGE (a); CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (1) TO (10)",
    ];

    private static readonly string[] OnThem =
    [
        "CREATE INDEX item_name ON item (lower(name)) WHERE size > 1",
        "CREATE VIEW item_view AS SELECT id, name FROM item",
        "CREATE MATERIALIZED VIEW item_copy AS SELECT id FROM item",
        "CREATE TRIGGER stamp BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION stamp()",
        "ALTER TABLE item ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON item TO CURRENT_USER USING (size < 5)",
        "CREATE STATISTICS item_statistics ON id, name FROM item",
        "CREATE RULE nothing AS ON DELETE TO item DO INSTEAD NOTHING",
        "ALTER TABLE \"Odd\".\"T\" ADD CONSTRAINT refers FOREIGN KEY (\"A\") REFERENCES public.item (id)",
    ];

    [Fact]
    public async Task It_is_the_same_whoever_owns_it_and_in_whichever_order_it_was_made()
    {
        var one = await MigrationBench.NewAsync(Service, [.. Objects, .. Tables, .. OnThem]);
        var two = await MigrationBench.NewAsync(Service, ["CREATE TABLE gone (a int)", .. Objects.Reverse(), "DROP TABLE gone", .. Tables.Reverse().OrderBy(sql => sql.Contains("Odd", StringComparison.Ordinal)), .. OnThem.Reverse()]);
        var (first, second) = (await ReadAsync(one.Account), await ReadAsync(two.Account));
        Assert.Empty(SchemaFingerprint.Compare(first, second, added: true));
        Assert.Equal(SchemaFingerprint.ChecksumOf(first), SchemaFingerprint.ChecksumOf(second));
        Assert.Equal(
            ["column", "constraint", "extension", "function", "index", "materialized view", "policy", "rule", "schema", "sequence", "statistics", "table", "trigger", "type", "view"],
            first.Select(entry => entry.Kind).Distinct());
        Assert.Equal(SchemaStructure.Kinds.Keys, first.Select(entry => entry.Kind).Distinct());
        Assert.Equal(SchemaStructure.Of(first).ToJson().ToJsonString(), SchemaStructure.Of(second).ToJson().ToJsonString());
    }

    /// <summary>
    /// Backups are compared with it for as long as they are kept. Where this fails, keep the kind under another name
    /// (<see cref="SchemaStructure.Kinds"/>), so that those which were made before can be restored.
    /// </summary>
    [Fact]
    public async Task The_structure_is_told_as_it_has_been_told_in_backups()
    {
        var bench = await MigrationBench.NewAsync(Service, [.. Objects, .. Tables, .. OnThem]);

        var structure = SchemaStructure.Of(await ReadAsync(bench.Account)).ToJson();

        Assert.Equal(
            """
            column 8 242994678277475d
            constraint 4 954a2e6e433c124b
            extension 1 dffc3a9d50fbb4f2
            function 3 6fd670ada8ca54c2
            index 2 512b1e4ccc463a92
            materialized view 1 7ead100c7e5e8831
            policy 1 e4e099a8f07fab91
            rule 1 2f00ee2fdacca84d
            schema 1 f3d480b5bf2ccea9
            sequence 3 8e341f6d1431ff58
            statistics 1 b8801bcdae65735f
            table 4 8d44d4f8b1e068bf
            trigger 1 1a35286c2059bd04
            type 4 10ef8fcab69d09ca
            view 1 212ab876c3f76d66
            """,
            string.Join('\n', structure.Select(kind => $"{kind.Key} {kind.Value!["count"]} {kind.Value["sha256"]!.GetValue<string>()[..16]}")));
    }

    public static TheoryData<string, string, string, SchemaChange> Changes => new()
    {
        { "ALTER TABLE \"Odd\".\"T\" ALTER \"A\" TYPE bigint", "column", "\"T\".\"A\"", SchemaChange.Changed },
        { "ALTER TABLE item ALTER name DROP DEFAULT", "column", "item.name", SchemaChange.Changed },
        { "ALTER TABLE item ALTER size SET NOT NULL", "column", "item.size", SchemaChange.Changed },
        { "ALTER TABLE item ALTER id SET GENERATED BY DEFAULT", "column", "item.id", SchemaChange.Changed },
        { "ALTER TABLE item ADD more int", "column", "item.more", SchemaChange.Added },
        { "ALTER TABLE item DROP CONSTRAINT positive", "constraint", "item.positive", SchemaChange.Missing },
        { "DROP INDEX item_name; CREATE INDEX item_name ON item (lower(name)) WHERE size > 2", "index", "item_name", SchemaChange.Changed },
        { "CREATE OR REPLACE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 3'", "function", "twice(integer)", SchemaChange.Changed },
        { "ALTER FUNCTION twice(int) VOLATILE", "function", "twice(integer)", SchemaChange.Changed },
        { "CREATE OR REPLACE VIEW item_view AS SELECT id, 'n'::varchar(20) AS name FROM item", "view", "item_view", SchemaChange.Changed },
        { "ALTER TYPE mood ADD VALUE 'so so'", "type", "mood", SchemaChange.Changed },
        { "ALTER DOMAIN small SET NOT NULL", "type", "small", SchemaChange.Changed },
        { "ALTER TYPE pair ADD ATTRIBUTE c int", "type", "pair", SchemaChange.Changed },
        { "ALTER SEQUENCE counter INCREMENT 7", "sequence", "counter", SchemaChange.Changed },
        { "ALTER TABLE item DISABLE TRIGGER stamp", "trigger", "item.stamp", SchemaChange.Changed },
        { "ALTER POLICY mine ON item USING (size < 6)", "policy", "item.mine", SchemaChange.Changed },
        { "ALTER POLICY mine ON item TO PUBLIC", "policy", "item.mine", SchemaChange.Changed },
        { "ALTER TABLE item DISABLE ROW LEVEL SECURITY", "table", "item", SchemaChange.Changed },
        { "DROP RULE nothing ON item", "rule", "item.nothing", SchemaChange.Missing },
        { "CREATE SCHEMA more", "schema", "more", SchemaChange.Added },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Each_change_is_told_by_kind_and_name(string sql, string kind, string name, SchemaChange change)
    {
        var bench = await MigrationBench.NewAsync(Service, [.. Objects, .. Tables, .. OnThem]);
        var before = await ReadAsync(bench.Account);
        await bench.AsAccountAsync(sql);
        var after = await ReadAsync(bench.Account);
        var difference = Assert.Single(SchemaFingerprint.Compare(before, after, added: true));
        Assert.Equal((kind, name, change), (difference.Kind, difference.Name, difference.Difference));
        Assert.NotEqual(SchemaFingerprint.ChecksumOf(before), SchemaFingerprint.ChecksumOf(after));
        Assert.Equal(change == SchemaChange.Added, SchemaFingerprint.Compare(before, after).Count == 0);
    }

    [Theory]
    [InlineData("DROP INDEX item_name", "index 1 instead of 2")]
    [InlineData("DROP INDEX item_name; CREATE INDEX item_name ON item (lower(name)) WHERE size > 2")]
    [InlineData("DROP INDEX item_name; CREATE INDEX item_name ON item (lower(name))", "index differs")]
    [InlineData("DROP INDEX item_name; CREATE UNIQUE INDEX item_name ON item (name) WHERE size > 1", "index differs")]
    [InlineData("ALTER TABLE item DROP CONSTRAINT positive", "constraint 3 instead of 4")]
    [InlineData("ALTER TABLE item DROP CONSTRAINT positive; ALTER TABLE item ADD CONSTRAINT positive CHECK (size > 0) NOT VALID", "constraint differs")]
    [InlineData("DROP POLICY mine ON item", "policy 0 instead of 1")]
    [InlineData("ALTER POLICY mine ON item USING (size < 5 AND id > 0)")]
    [InlineData("ALTER POLICY mine ON item TO PUBLIC", "policy differs")]
    [InlineData("DROP TRIGGER stamp ON item", "trigger 0 instead of 1")]
    [InlineData("ALTER TABLE item DISABLE TRIGGER stamp", "trigger differs")]
    [InlineData("ALTER TABLE item ALTER name DROP DEFAULT, DISABLE ROW LEVEL SECURITY", "column differs", "table differs")]
    [InlineData("DROP VIEW item_view; CREATE VIEW item_view AS SELECT id FROM item", "view differs")]
    [InlineData("CREATE OR REPLACE VIEW item_view AS SELECT id, name FROM item WHERE id > 0")]
    public async Task What_is_not_as_it_was_is_told_by_its_kind_and_no_expression_is_part_of_it(string sql, params string[] told)
    {
        var bench = await MigrationBench.NewAsync(Service, [.. Objects, .. Tables, .. OnThem]);
        var before = SchemaStructure.Of(await ReadAsync(bench.Account));

        await bench.AsAccountAsync(sql);

        Assert.Equal(told, before.Differences(SchemaStructure.Of(await ReadAsync(bench.Account))));
    }

    [Fact]
    public async Task What_a_dump_leaves_out_is_no_part_of_it()
    {
        var bench = await MigrationBench.NewAsync(Service, "CREATE TABLE item (a int)", "INSERT INTO item VALUES (1), (1)");
        var before = await ReadAsync(bench.Account);

        var failed = await Assert.ThrowsAsync<PostgresException>(() => bench.AsAccountAsync("CREATE UNIQUE INDEX CONCURRENTLY once ON item (a)"));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, failed.SqlState);
        Assert.True(await bench.ExistsAsync("once"));
        Assert.Empty(SchemaFingerprint.Compare(before, await ReadAsync(bench.Account), added: true));
        await bench.AsAccountAsync("DROP INDEX once; CREATE INDEX once ON item (a)");
        Assert.Single(SchemaFingerprint.Compare(before, await ReadAsync(bench.Account), added: true));
    }

    [Fact]
    public async Task No_code_of_the_accounts_is_called_and_no_rows_are_part_of_it()
    {
        var bench = await MigrationBench.NewAsync(Service,
            "CREATE TABLE ran (who text); CREATE FUNCTION trap() RETURNS int LANGUAGE plpgsql AS 'begin insert into public.ran values (current_user); return 1; end'",
            "CREATE TABLE item (a int DEFAULT trap(), CHECK (trap() = 1)); CREATE VIEW v AS SELECT trap() AS a; ALTER TABLE item ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON item USING (trap() = 1)",
            "CREATE FUNCTION public.format_type(oid, int) RETURNS text LANGUAGE plpgsql AS 'begin perform public.trap(); return null; end'");
        var before = SchemaFingerprint.ChecksumOf(await ReadAsync(bench.Account));
        Assert.Equal(0, await bench.ScalarAsync<long>("SELECT count(*) FROM public.ran"));
        await bench.AsAccountAsync("INSERT INTO ran VALUES ('somebody')");
        Assert.Equal(before, SchemaFingerprint.ChecksumOf(await ReadAsync(bench.Account)));
    }

    [Fact]
    public async Task An_account_is_compared_with_a_new_one_of_its_own_version()
    {
        var bench = await MigrationBench.NewAsync(Service);
        var scripts = MigrationBench.Scripts(
            [.. new[] { string.Join(";\n", [.. Objects, .. Tables]), string.Join(";\n", OnThem) }, MigrationScript.NoTransaction + "\nCREATE INDEX CONCURRENTLY later ON item (size)"]);
        Assert.Null((await bench.ApplyAsync(scripts, target: 2)).Failure);
        using var template = new MigratedTemplate(Service.Services.GetRequiredService<SystemDatabase>(), Service.Services.GetRequiredService<TemplateDatabase>());
        var drift = new SchemaDrift(new MigrationScripts(scripts), bench.Sessions, template);
        Assert.Empty(await DifferencesAsync(added: true));

        await bench.AsAccountAsync("CREATE TABLE own (a int); DROP INDEX item_name");
        Assert.Equal([new SchemaDifference("index", "public", "item_name", SchemaChange.Missing)], await DifferencesAsync(added: false));
        Assert.Contains(new SchemaDifference("table", "public", "own", SchemaChange.Added), await DifferencesAsync(added: true));

        await bench.AsAccountAsync("CREATE INDEX item_name ON item (lower(name)) WHERE size > 1; DROP TABLE own");
        Assert.Null((await bench.ApplyAsync(scripts)).Failure);
        Assert.Empty(await DifferencesAsync(added: true));
        Assert.Equal(0, await Service.SystemScalarAsync<long>("SELECT count(*) FROM pg_database WHERE starts_with(datname, '_kataven_migrated_')"));

        async Task<IReadOnlyList<SchemaDifference>> DifferencesAsync(bool added) =>
            (await drift.ReadAsync(bench.Id, bench.Credential, added, MigrationBench.Cancellation)).Differences;
    }

    private async Task<IReadOnlyList<SchemaObject>> ReadAsync(string account)
    {
        await using var inside = await Service.Services.GetRequiredService<SystemDatabase>().OpenInAsync(account, MigrationBench.Cancellation);
        return await SchemaFingerprint.ReadAsync(inside, MigrationBench.Cancellation);
    }
}
