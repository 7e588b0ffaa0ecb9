using System.Text;
using Kataven.Grains.Migrations;

namespace Kataven.Grains.Tests.Migrations;

public sealed class MigrationFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kataven-migrations-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Scripts_are_read_in_the_order_of_their_numbers_with_gaps()
    {
        Write("V10__the_tenth.sql", "SELECT 10");
        Write("V0002__make_item.sql", "SELECT 2");
        Write("README.md", "not a script");
        Write("V3__old.sql.bak", "not a script");

        var (scripts, faults) = MigrationFolder.Read(_folder, isRequired: true);

        Assert.Empty(faults);
        Assert.Equal([(2, "make item"), (10, "the tenth")], scripts.Select(script => (script.Version, script.Description)));
    }

    [Fact]
    public void Only_a_folder_that_was_asked_for_has_to_be_there()
    {
        var missing = Path.Combine(_folder, "none");
        Assert.Empty(MigrationFolder.Read(missing, isRequired: false).Faults);
        Assert.Contains(missing, Assert.Single(MigrationFolder.Read(missing, isRequired: true).Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1__a.sql")]
    [InlineData("V1_a.sql")]
    [InlineData("V0__a.sql")]
    [InlineData("V2147483648__a.sql")]
    [InlineData("V1__.sql")]
    [InlineData("V1____.sql")]
    [InlineData("v1__a.sql")]
    [InlineData("V1__a.SQL")]
    [InlineData("V-1__a.sql")]
    public void A_file_with_another_name_is_told(string name)
    {
        Write(name, "SELECT 1");
        Assert.Contains(name, Assert.Single(MigrationFolder.Read(_folder, true).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void The_largest_version_is_allowed()
    {
        Write("V2147483647__a.sql", "SELECT 1");
        Assert.Equal(int.MaxValue, Assert.Single(MigrationFolder.Read(_folder, true).Scripts).Version);
    }

    [Fact]
    public void Two_files_of_one_version_are_refused_with_both_names()
    {
        Write("V1__a.sql", "SELECT 1");
        Write("V0001__b.sql", "SELECT 1");
        var fault = Assert.Single(MigrationFolder.Read(_folder, true).Faults);
        Assert.Contains("V1__a.sql", fault, StringComparison.Ordinal);
        Assert.Contains("V0001__b.sql", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("-- only a comment;\n ;; ", "empty")]
    [InlineData("SELECT 1;\nCOMMIT", "line 2")]
    [InlineData("BEGIN; SELECT 1; END", "transaction control")]
    [InlineData("SELECT 1; ROLLBACK TO x", "transaction control")]
    [InlineData("SAVEPOINT a", "transaction control")]
    [InlineData("PREPARE TRANSACTION 'x'", "transaction control")]
    [InlineData("-- kataven: no transaction\nCOMMIT PREPARED 'x'", "transaction control")]
    [InlineData("\\set x 1\nSELECT 1", "psql")]
    [InlineData("SELECT 1; \\gexec", "psql")]
    [InlineData("COPY item FROM STDIN;\n1\n\\.", "COPY")]
    [InlineData("-- kataven: no transactions\nSELECT 1", "no transaction")]
    [InlineData("SELECT '\0'", "no text")]
    public void A_script_that_cannot_be_applied_is_refused(string sql, string why)
    {
        Write("V1__a.sql", sql);
        Assert.Contains(MigrationFolder.Read(_folder, true).Faults, fault => fault.Contains(why, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DO $$ BEGIN PERFORM 1; COMMIT; END $$")]
    [InlineData("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END")]
    [InlineData("INSERT INTO t VALUES ('\\d; COMMIT')")]
    [InlineData("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SELECT 1")]
    [InlineData("SELEKT 1")]
    public void What_stands_in_quotes_or_bodies_is_left_to_PostgreSQL(string sql)
    {
        Write("V1__a.sql", sql);
        Assert.Empty(MigrationFolder.Read(_folder, true).Faults);
    }

    [Fact]
    public void What_is_not_UTF_8_or_too_long_is_refused()
    {
        File.WriteAllBytes(Path.Combine(_folder, "V1__latin.sql"), [.. "SELECT '"u8, 0xE9, .. "'"u8]);
        Write("V2__long.sql", "SELECT '" + new string('a', MigrationFolder.LargestScript) + "'");
        Assert.Equal(2, MigrationFolder.Read(_folder, true).Faults.Count);
    }

    [Fact]
    public void All_faults_are_told_together()
    {
        Write("V1__a.sql", "COMMIT; ROLLBACK");
        Write("V1__b.sql", "");
        Write("odd.sql", "SELECT 1");
        Assert.Equal(5, MigrationFolder.Read(_folder, true).Faults.Count);
    }

    [Fact]
    public void A_checksum_is_the_same_on_every_checkout_and_another_for_another_text()
    {
        Write("V1__a.sql", "SELECT 1;\nSELECT 2;\n");
        File.WriteAllBytes(Path.Combine(_folder, "V2__b.sql"), [0xEF, 0xBB, 0xBF, .. "SELECT 1;\r\nSELECT 2;\r\n"u8]);
        Write("V3__c.sql", "SELECT 1;\nSELECT 3;\n");
        var scripts = MigrationFolder.Read(_folder, true).Scripts;
        Assert.Equal(scripts[0].Checksum, scripts[1].Checksum);
        Assert.NotEqual(scripts[0].Checksum, scripts[2].Checksum);
        Assert.Matches("^[0-9a-f]{64}$", scripts[0].Checksum);
    }

    [Fact]
    public void The_first_line_says_that_a_script_needs_no_transaction()
    {
        Write("V1__a.sql", "-- kataven: no transaction\r\nVACUUM");
        Write("V2__b.sql", "\n-- kataven: no transaction\nSELECT 1");
        Assert.Equal([false, true], MigrationFolder.Read(_folder, true).Scripts.Select(script => script.IsTransactional));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text, new UTF8Encoding(false));
}
