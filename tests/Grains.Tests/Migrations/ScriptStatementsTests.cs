using Kataven.Grains.Migrations;

namespace Kataven.Grains.Tests.Migrations;

public sealed class ScriptStatementsTests
{
    [Theory]
    [InlineData("SELECT 1; SELECT 2", "SELECT 1", "SELECT 2")]
    [InlineData(" ;; SELECT 1 ;\n-- nothing; here\n;", "SELECT 1")]
    [InlineData("SELECT ';', \";\" /* ; */ -- ;\n, 1; SELECT 2", "SELECT ';', \";\" /* ; */ -- ;\n, 1", "SELECT 2")]
    [InlineData("DO $$ BEGIN PERFORM 1; END $$; SELECT 2", "DO $$ BEGIN PERFORM 1; END $$", "SELECT 2")]
    [InlineData("CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM t; DELETE FROM u); SELECT 2", "CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM t; DELETE FROM u)", "SELECT 2")]
    [InlineData("SELECT 1); SELECT 2; SELECT 3", "SELECT 1)", "SELECT 2", "SELECT 3")]
    public void A_script_is_cut_at_its_semicolons(string script, params string[] statements) =>
        Assert.Equal(statements, ScriptStatements.Of(script).Select(statement => statement.Sql));

    [Theory]
    [InlineData("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END")]
    [InlineData("create or replace function f(a int default 1) returns int language sql begin atomic select case when a = 1 then 2 end; select (case a when 1 then 2 end); end")]
    [InlineData("CREATE PROCEDURE p() BEGIN ATOMIC SELECT t.end AS case FROM t; SELECT 1 AS end; END")]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT 2'")]
    public void The_body_of_a_function_is_not_cut(string function) =>
        Assert.Equal([function, "SELECT 3"], ScriptStatements.Of($"{function}; SELECT 3;").Select(statement => statement.Sql));

    [Fact]
    public void A_statement_knows_where_it_begins()
    {
        const string Script = "-- first\nSELECT 1;\n\n  SELECT 2;";
        Assert.Equal([Script.IndexOf("SELECT 1", StringComparison.Ordinal), Script.IndexOf("SELECT 2", StringComparison.Ordinal)],
            ScriptStatements.Of(Script).Select(statement => statement.Start));
    }

    [Theory]
    [InlineData("SELECT 1;\nSELECT x", 10, 8, 18, 2)]
    [InlineData("SELECT '😀😀'; SELECT x", 15, 8, 21, 1)]
    public void A_place_in_a_statement_is_one_in_its_script_counted_in_characters(string script, int start, int position, int expected, int line) =>
        Assert.Equal((expected, line), ScriptPlace.Of(script, start, position));

    [Theory]
    [InlineData("CREATE INDEX i ON t (a)", "i", null, "t")]
    [InlineData("create unique index concurrently if not exists \"I x\" on only public.\"T\" using btree (a)", "I x", "public", "T")]
    [InlineData("CREATE INDEX I ON T(a)", "i", null, "t")]
    public void The_index_that_a_statement_makes_is_known(string sql, string name, string? schema, string table) =>
        Assert.Equal(new CreatedIndex(name, schema, table), CreatedIndex.Of(sql));

    [Theory]
    [InlineData("CREATE INDEX ON t (a)")]
    [InlineData("CREATE INDEX CONCURRENTLY ON t (a)")]
    [InlineData("CREATE TABLE i (a int)")]
    [InlineData("DROP INDEX i")]
    [InlineData("")]
    public void A_statement_that_names_no_index_makes_none(string sql) => Assert.Null(CreatedIndex.Of(sql));
}
