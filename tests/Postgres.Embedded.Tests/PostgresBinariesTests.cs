namespace Kataven.Postgres.Embedded.Tests;

public sealed class PostgresBinariesTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void The_newest_installed_version_is_found_by_number_and_not_by_letter()
    {
        var newest = Install("16");
        Install("9");
        Install("15");

        Assert.Equal(newest, PostgresBinaries.Find(_ => null, _root.Path)!.Directory);
    }

    [Fact]
    public void A_folder_without_all_programs_is_passed_over()
    {
        var whole = Install("15");
        File.Delete(Path.Combine(Install("16"), "initdb"));

        Assert.Equal(whole, PostgresBinaries.Find(_ => null, _root.Path)!.Directory);
    }

    [Fact]
    public void A_link_to_a_version_that_was_removed_is_passed_over()
    {
        var removed = Path.Combine(Install("15"), "postgres");
        File.Delete(removed);
        File.CreateSymbolicLink(removed, "/nowhere/postgres");

        Assert.Null(PostgresBinaries.Find(_ => null, _root.Path));
    }

    [Fact]
    public void The_variable_wins_over_what_is_installed_and_the_path_comes_last()
    {
        var installed = Install("16");
        var named = Install("elsewhere");

        Assert.Equal(named, PostgresBinaries.Find(name => name == PostgresBinaries.Variable ? named : null, _root.Path)!.Directory);
        Assert.Equal(installed, PostgresBinaries.Find(name => name == "PATH" ? named : null, _root.Path)!.Directory);
        Assert.Equal(named, PostgresBinaries.Find(name => name == "PATH" ? "/nowhere:" + named : null, "/nowhere")!.Directory);
    }

    [Fact]
    public void A_variable_that_names_the_wrong_folder_is_told()
    {
        var failure = Assert.Throws<EmbeddedPostgresException>(() => PostgresBinaries.Find(_ => "/nowhere", _root.Path));

        Assert.Contains("KATAVEN_POSTGRES_BIN is '/nowhere'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_binaries_one_sentence_says_what_to_install()
    {
        Assert.Null(PostgresBinaries.Find(_ => null, _root.Path));

        Assert.StartsWith("PostgreSQL is not installed: install the package 'postgresql'", PostgresBinaries.Advice, StringComparison.Ordinal);
        Assert.Equal(PostgresBinaries.Advice.Length - 1, PostgresBinaries.Advice.IndexOf('.', StringComparison.Ordinal));
    }

    private string Install(string version)
    {
        var bin = Path.Combine(_root.Path, version, "bin");
        Directory.CreateDirectory(bin);
        foreach (var program in new[] { "initdb", "postgres", "pg_ctl" })
        {
            File.WriteAllText(Path.Combine(bin, program), "");
        }

        return bin;
    }
}
