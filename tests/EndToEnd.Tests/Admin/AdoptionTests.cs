using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Admin;

public sealed class AdoptionTests(ServiceFixture service)
{
    [Fact]
    public async Task A_database_made_by_hand_is_the_accounts_with_all_that_is_in_it()
    {
        var slug = await MakeByHandAsync("adopt", """
            CREATE SCHEMA shop; CREATE TABLE shop.item (id bigserial PRIMARY KEY, name text);
            INSERT INTO shop.item (name) VALUES ('kept');
            CREATE VIEW cheap AS SELECT * FROM shop.item; CREATE MATERIALIZED VIEW dear AS SELECT * FROM shop.item;
            CREATE TYPE mood AS ENUM ('ok'); CREATE DOMAIN small AS int; CREATE TYPE pair AS (a int, b int);
            CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2'; CREATE PROCEDURE nothing() LANGUAGE sql AS '';
            CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int); CREATE SEQUENCE loose;
            CREATE TABLE part (n int) PARTITION BY RANGE (n); CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (9);
            CREATE TYPE span AS RANGE (SUBTYPE = float8); CREATE COLLATION german (LOCALE = 'C'); CREATE STATISTICS seen ON id, name FROM shop.item
            """);

        Assert.Equal("kept", (await service.ScalarAsync(slug, "select name from shop.item")).GetString());

        await service.QueryAsync(slug, "insert into shop.item (name) values ('new')");
        foreach (var statement in new[]
        {
            "drop view cheap", "refresh materialized view dear", "alter type mood add value 'bad'", "drop domain small", "drop type pair",
            "drop function twice", "drop procedure nothing", "drop aggregate total(int)", "drop sequence loose", "drop table part",
            "drop type span", "drop collation german", "drop statistics seen", "create table shop.more ()", "create table more ()", "drop schema shop cascade",
        })
        {
            await service.QueryAsync(slug, statement);
        }

        Assert.False(await service.SystemScalarAsync<bool>("SELECT has_database_privilege('pg_read_all_data', $1, 'CONNECT')", slug));
        Assert.Equal(await service.RoleAsync(slug), (await service.ScalarAsync(slug, "select session_user::text")).GetString());
    }

    [Fact]
    public async Task A_row_without_a_database_is_no_account_until_there_is_one()
    {
        var slug = AccountCalls.Slug("rowonly");
        await InsertAsync(slug);
        Assert.Equal("invalid_account", (await service.TryQueryAsync(slug, "select 1")).Code);

        await service.RunAsync("postgres", $"CREATE DATABASE \"{slug}\"");

        await Eventually.Async(
            async () => (await service.TryQueryAsync(slug, "select 1")).Status == 200, Promised.Within(seconds: 1), "the database is adopted");
    }

    [Fact]
    public async Task A_row_that_was_removed_and_put_back_keeps_its_data_and_shuts_out_its_former_role()
    {
        var slug = await service.NewAccountAsync("back");
        await service.QueryAsync(slug, "create table kept as select 7 as n");
        var former = await service.RoleAsync(slug);
        await service.RunAsync("system", $"DELETE FROM accounts WHERE account_id = '{slug}'");
        await Eventually.Async(async () => await service.ConnectionsAsync(former) == 0, Promised.Within(seconds: 1), "its connections are closed");
        await InsertAsync(slug);

        await Eventually.Async(
            async () => (await service.TryQueryAsync(slug, "select n from kept")).Status == 200, Promised.Within(seconds: 1), "the database is adopted again");

        Assert.False(await service.SystemScalarAsync<bool>("SELECT has_database_privilege($1, $2, 'CONNECT')", former, slug));
        await service.QueryAsync(slug, "drop table kept");
    }

    [Fact]
    public async Task Another_accounts_database_under_this_ones_name_is_not_served()
    {
        var (slug, other) = (AccountCalls.Slug("thief"), await service.NewAccountAsync("victim"));
        await service.RunAsync("system", $"UPDATE accounts SET status = 'suspended' WHERE account_id = '{other}'");
        await Eventually.Async(
            async () => await service.ConnectionsAsync(await service.RoleAsync(other)) == 0, Promised.Within(seconds: 1), "its connections are closed");
        await service.RunAsync("postgres", $"ALTER DATABASE \"{other}\" RENAME TO \"{slug}\"");
        await InsertAsync(slug);

        var reply = await service.TryQueryAsync(slug, "select 1");

        Assert.Equal((503, "isolation_violation"), (reply.Status, reply.Code));
        Assert.Equal(204, (await service.DeleteAsync(slug)).Status);
        Assert.True(await service.DatabaseExistsAsync(slug));
    }

    [Fact]
    public async Task An_account_that_took_its_own_rights_away_gets_them_back()
    {
        var slug = await service.NewAccountAsync("heal");
        var role = await service.RoleAsync(slug);
        await service.RunAsync(slug, $"REVOKE ALL ON DATABASE \"{slug}\" FROM {role}; ALTER ROLE {role} PASSWORD 'lost'");
        await service.AdminClient().CallAsync(HttpMethod.Delete, $"/api/admin/pools/{slug}");

        await service.QueryAsync(slug, "create table fine ()");
    }

    private async Task<string> MakeByHandAsync(string prefix, string sql)
    {
        var slug = AccountCalls.Slug(prefix);
        await service.RunAsync("postgres", $"CREATE DATABASE \"{slug}\"");
        await service.RunAsync(slug, sql);
        await InsertAsync(slug);
        return slug;
    }

    private Task InsertAsync(string slug) => service.RunAsync(
        "system", $"INSERT INTO accounts (account_id, account_name, database_name, status) VALUES ('{slug}', '{slug}', '{slug}', 'active')");
}
