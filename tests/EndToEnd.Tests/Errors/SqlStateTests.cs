using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Errors;

/// <summary>What PostgreSQL reports, and the status that stands for it.</summary>
public sealed class SqlStateTests(ServiceFixture service)
{
    [Theory]
    [InlineData("23505", 409)]
    [InlineData("23503", 409)]
    [InlineData("23P01", 409)]
    [InlineData("42501", 403)]
    [InlineData("25006", 403)]
    [InlineData("42P01", 404)]
    [InlineData("42883", 404)]
    [InlineData("26000", 400)]
    [InlineData("53400", 400)]
    [InlineData("22012", 400)]
    [InlineData("P0001", 400)]
    [InlineData("XX000", 400)]
    [InlineData("0A000", 400)]
    public async Task An_sql_error_has_the_status_of_its_sqlstate(string state, int status)
    {
        var reply = await RaiseAsync(state);

        Assert.Equal((status, "sql_error", state), (reply.Status, reply.Code, reply.SqlState));
        Assert.False(reply.Json.TryGetProperty("retryable", out _));
    }

    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task What_may_succeed_when_it_is_sent_again_says_so(string state)
    {
        var reply = await RaiseAsync(state);

        Assert.Equal((409, "sql_error", state), (reply.Status, reply.Code, reply.SqlState));
        Assert.True(reply.Json.GetProperty("retryable").GetBoolean());
    }

    [Theory]
    [InlineData("53000")]
    [InlineData("53100")]
    [InlineData("53200")]
    [InlineData("53300")]
    [InlineData("57P01")]
    [InlineData("57P02")]
    [InlineData("57P03")]
    [InlineData("08006")]
    [InlineData("08001")]
    public async Task What_the_server_is_at_fault_for_is_unavailable_and_may_be_retried(string state)
    {
        var reply = await RaiseAsync(state);

        Assert.Equal((503, "database_unavailable"), (reply.Status, reply.Code));
        Assert.NotNull(reply.Headers.RetryAfter);
    }

    [Fact]
    public async Task PostgreSQLs_own_fields_are_handed_on()
    {
        var account = await service.AccountOfAsync<SqlStateTests>();
        await service.QueryAsync(account, "create table if not exists uniq (id int constraint uniq_id primary key)");

        var duplicate = (await service.TryQueryAsync(account, "insert into uniq values (1), (1)")).Json;
        var missing = (await service.TryQueryAsync(account, "select nothing from uniq")).Json;

        Assert.Equal("Key (id)=(1) already exists.", duplicate.GetProperty("detail").GetString());
        Assert.Equal("duplicate key value violates unique constraint \"uniq_id\"", duplicate.GetProperty("message").GetString());
        Assert.Equal(
            ("public", "uniq", "uniq_id"),
            (duplicate.GetProperty("schema").GetString(), duplicate.GetProperty("table").GetString(), duplicate.GetProperty("constraint").GetString()));
        Assert.Equal(8, missing.GetProperty("position").GetInt32());
        Assert.Equal("42703", missing.GetProperty("sql_state").GetString());
    }

    [Fact]
    public async Task A_hint_and_a_column_are_handed_on()
    {
        var account = await service.AccountOfAsync<SqlStateTests>();
        await service.QueryAsync(account, "create table if not exists strict (id int not null)");

        var column = (await service.TryQueryAsync(account, "insert into strict values (null)")).Json;
        var hint = (await service.TryQueryAsync(account, "do $$ begin raise exception 'no' using hint = 'try this', detail = 'because'; end $$")).Json;

        Assert.Equal("id", column.GetProperty("column").GetString());
        Assert.Equal(("try this", "because"), (hint.GetProperty("hint").GetString(), hint.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task A_position_counts_characters_and_not_bytes()
    {
        var account = await service.AccountOfAsync<SqlStateTests>();

        var reply = await service.TryQueryAsync(account, "select 'äöü€', nothing");

        Assert.Equal(16, reply.Json.GetProperty("position").GetInt32());
    }

    private async Task<Reply> RaiseAsync(string state) => await service.TryQueryAsync(
        await service.AccountOfAsync<SqlStateTests>(), $"do $$ begin raise exception 'made up' using errcode = '{state}'; end $$");
}
