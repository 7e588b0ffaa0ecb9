using System.Collections.Frozen;
using Kataven.Grains.Queries.Fast;

namespace Kataven.Grains.Tests.Queries.Fast;

public sealed class AccountCodeTests
{
    private static readonly FrozenSet<string> Names = FrozenSet.Create(StringComparer.Ordinal, "noisy", "Loud", "set_config", "v");

    [Theory]
    [InlineData("select id from item")]
    [InlineData("select 'noisy()'")]
    [InlineData("select $$noisy()$$, $x$noisy()$x$")]
    [InlineData("select 1 -- noisy()")]
    [InlineData("select /* noisy() */ 1")]
    [InlineData("select \"NOISY\" from item")]
    [InlineData("select loud from item")]
    [InlineData("select noisy2, vv from item")]
    public void A_text_that_names_none_may_share(string sql) => Assert.True(AccountCode.NamesNone(sql, Names), sql);

    [Theory]
    [InlineData("select noisy()")]
    [InlineData("select NOISY ( )")]
    [InlineData("select public . noisy()")]
    [InlineData("select \"noisy\"()")]
    [InlineData("select \"Loud\"()")]
    [InlineData("select (i).noisy from item i")]
    [InlineData("select * from v")]
    [InlineData("select * from a, public.\"v\"")]
    [InlineData("select pg_catalog.set_config('a.b', 'c', false)")]
    [InlineData("select U&\"n\\006Fisy\"()")]
    [InlineData("select u&\"anything\" from item")]
    [InlineData("select \"a\"\"b\" from item")]
    [InlineData("select größe from item")]
    [InlineData("select aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa()")]
    [InlineData("select 'a' from item where noisy ()")]
    [InlineData("select 'it''s' || noisy()")]
    [InlineData("select E'it\\'s' || noisy()")]
    public void A_text_that_names_one_or_may_name_one_does_not(string sql) => Assert.False(AccountCode.NamesNone(sql, Names), sql);

    [Fact]
    public void A_view_of_a_view_of_code_is_code_and_one_whose_definition_is_not_known()
    {
        var code = AccountCodeReader.Of(
            ["noisy"],
            [("top", "SELECT * FROM middle"), ("middle", "SELECT * FROM bottom"), ("bottom", "SELECT noisy()"), ("plain", "SELECT id FROM item"), ("unread", null)],
            [],
            isHidden: false,
            mayDefine: false);

        Assert.Equal(["bottom", "middle", "noisy", "top", "unread"], code.Names.Order(StringComparer.Ordinal));
        Assert.True(code.AllowsShared("select * from plain"));
        Assert.False(code.AllowsShared("select * from top"));
    }

    [Fact]
    public void Code_in_a_policy_or_a_check_is_reached_without_a_name()
    {
        Assert.True(AccountCodeReader.Of(["noisy"], [], ["(owner = CURRENT_USER)", "CHECK ((id > 0))"], false, false).AllowsShared("select 1"));
        Assert.False(AccountCodeReader.Of(["noisy"], [], ["noisy(id)"], false, false).AllowsShared("select 1"));
        Assert.False(AccountCodeReader.Of(["noisy"], [], [], true, false).AllowsShared("select 1"));
    }

    [Theory]
    [InlineData("create function f() returns int language sql as 'select 1'", true, true)]
    [InlineData("do $$ begin end $$", true, true)]
    [InlineData("call p()", true, true)]
    [InlineData("explain analyze select noisy()", true, true)]
    [InlineData("alter role x set y = z", true, true)]
    [InlineData("drop view v", true, true)]
    [InlineData("execute q", true, true)]
    [InlineData("truncate item", true, true)]
    [InlineData("insert into item values (1)", false, true)]
    [InlineData("with x as (insert into item values (1) returning 1) select 1", false, true)]
    [InlineData("update item set id = 1", false, true)]
    [InlineData("delete from item", false, true)]
    [InlineData("select noisy()", false, true)]
    [InlineData("select 1", false, false)]
    [InlineData("set timezone = utc", false, false)]
    [InlineData("", false, false)]
    public void What_defines_and_what_runs_code_that_could_changes_it(string sql, bool always, bool whereCodeMayDefine)
    {
        Assert.Equal(always, new AccountCode(Names, false, false).MayBeChangedBy(sql));
        Assert.Equal(whereCodeMayDefine, new AccountCode(Names, false, true).MayBeChangedBy(sql));
    }
}
