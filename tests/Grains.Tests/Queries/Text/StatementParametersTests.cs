using Kataven.Grains.Queries.Text;

namespace Kataven.Grains.Tests.Queries.Text;

public sealed class StatementParametersTests
{
    [Theory]
    [InlineData("select 1", 0)]
    [InlineData("select $1", 1)]
    [InlineData("select $2, $1, $2", 2)]
    [InlineData("(select $3)", 3)]
    [InlineData("select '$1', \"$2\", $$ $3 $$, $a$ $4 $a$ -- $5\n/* $6 */", 0)]
    [InlineData("select a$1 from t", 0)]
    [InlineData("with w as (select $1) insert into t select $2", 2)]
    [InlineData("explain select $1", 1)]
    [InlineData("call p($1, $2)", 2)]
    [InlineData("create table t as select $1", 1)]
    [InlineData("create function f(int) returns int return $1", 0)]
    [InlineData("prepare p as select $1", 0)]
    [InlineData("select $99999999999", int.MaxValue)]
    [InlineData("", 0)]
    public void Parameters_are_counted_where_PostgreSQL_binds_them(string sql, int count) =>
        Assert.Equal(count, StatementParameters.Required(sql));

    [Theory]
    [InlineData("copy t from stdin", true)]
    [InlineData("COPY (select 1 from a) TO STDOUT (format csv)", true)]
    [InlineData("copy t (a, b) from\n-- c\nSTDIN", true)]
    [InlineData("copy t to '/file'", false)]
    [InlineData("copy t to program 'stdout'", false)]
    [InlineData("copy \"from\" from \"stdin\"", false)]
    [InlineData("select 'copy t from stdin'", false)]
    [InlineData("copy", false)]
    public void A_copy_with_the_client_is_told_from_one_with_a_file(string sql, bool isCopy) =>
        Assert.Equal(isCopy, StatementText.IsCopyWithClient(sql));
}
