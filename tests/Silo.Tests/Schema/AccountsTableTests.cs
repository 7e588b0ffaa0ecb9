using Npgsql;

namespace Kataven.Silo.Tests.Schema;

public sealed class AccountsTableTests(AccountsTable table) : IClassFixture<AccountsTable>, IAsyncLifetime
{
    private readonly SystemDatabase _database = table.Database;

    public static TheoryData<string> GoodSlugs => ["a", "0", "acme", "a-b_c", "9-", "a__", new string('a', 63)];

    public static TheoryData<string> BadSlugs =>
    [
        "", " ", "-acme", "_acme", "Acme", "aCme", "acmé", "аcme", "acme\n", "acme\r\n", "\nacme", "acme\nb", "acme ", "a.b", "a/b",
        "a\"b", "a'b", "a;b", "İ", "ﬁ", "１", "a\u200bb", new string('a', 64),
    ];

    public async ValueTask InitializeAsync() => await table.EmptyAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Four_columns_are_enough_and_each_change_is_noted()
    {
        await InsertAsync("acme");
        await _database.ExecuteAsync("UPDATE public.accounts SET status = 'suspended' WHERE account_id = 'acme'");
        await _database.ExecuteAsync("DELETE FROM public.accounts WHERE account_id = 'acme'");
        await _database.ExecuteAsync("TRUNCATE public.accounts CASCADE");

        Assert.Equal("acme,acme,acme,*", await _database.ScalarAsync<string>(
            "SELECT string_agg(coalesce(account_id, '*'), ',' ORDER BY changed_in) FROM kataven.account_change"));
    }

    [Fact]
    public async Task No_write_needs_the_queue_of_notifications()
        => Assert.Equal(0L, await _database.ScalarAsync<long>(
            "SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('kataven', 'public', 'orleans') AND p.prosrc ~* 'notify'"));

    [Fact]
    public async Task What_is_left_out_has_a_default()
    {
        await InsertAsync("acme");
        Assert.True(await _database.ScalarAsync<bool>("""
            SELECT account_uid IS NOT NULL AND version > 0 AND created_at <= clock_timestamp() AND updated_at = created_at
                AND num_nulls(org_id, role_name, max_lanes, max_queue, wait_timeout_ms, statement_timeout_ms,
                    max_result_bytes, requests_per_second, status_reason) = 9
            FROM public.accounts
            """));
    }

    [Theory]
    [MemberData(nameof(GoodSlugs))]
    public async Task A_well_formed_slug_is_taken(string slug) => Assert.Equal(1, await InsertAsync(slug));

    [Theory]
    [MemberData(nameof(BadSlugs))]
    public async Task A_malformed_slug_is_refused(string slug)
        => Assert.Equal("accounts_slug_check", await RefusedByAsync(() => InsertAsync(slug)));

    [Theory]
    [InlineData("kataven-admin")]
    [InlineData("postgres")]
    [InlineData("system")]
    [InlineData("template0")]
    [InlineData("template1")]
    public async Task A_reserved_slug_is_refused(string slug)
        => Assert.Equal("accounts_reserved_check", await RefusedByAsync(() => InsertAsync(slug)));

    [Fact]
    public async Task The_database_is_named_after_the_account()
        => Assert.Equal("accounts_database_name_check", await RefusedByAsync(() => InsertAsync("acme", database: "globex")));

    [Theory]
    [InlineData("Active")]
    [InlineData("closed")]
    [InlineData("")]
    public async Task An_unknown_status_is_refused(string status)
        => Assert.Equal("accounts_status_check", await RefusedByAsync(() => InsertAsync("acme", status: status)));

    [Theory]
    [InlineData("max_lanes", "0")]
    [InlineData("max_lanes", "50")]
    [InlineData("max_queue", "0")]
    [InlineData("wait_timeout_ms", "0")]
    [InlineData("statement_timeout_ms", "86400001")]
    [InlineData("max_result_bytes", "67108865")]
    [InlineData("requests_per_second", "-1")]
    [InlineData("org_id", "''")]
    public async Task A_value_out_of_its_range_is_refused(string column, string value)
    {
        await InsertAsync("acme");
        Assert.Equal($"accounts_{column}_check", await RefusedByAsync(
            () => _database.ExecuteAsync($"UPDATE public.accounts SET {column} = {value}")));
    }

    [Theory]
    [InlineData("account_id = 'globex', database_name = 'globex'", "account_id")]
    [InlineData("account_uid = gen_random_uuid()", "account_uid")]
    public async Task An_id_cannot_be_changed(string change, string column)
    {
        await InsertAsync("acme");
        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => _database.ExecuteAsync($"UPDATE public.accounts SET {change}"));
        Assert.Equal((PostgresErrorCodes.RestrictViolation, column), (refused.SqlState, refused.ColumnName));
    }

    [Fact]
    public async Task The_version_grows_with_each_change_whoever_makes_it()
    {
        await InsertAsync("acme");
        var seen = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _database.ScalarAsync<long>(
            "UPDATE public.accounts SET version = 1, status_reason = coalesce(status_reason, '') || 'x' RETURNING version")));

        Assert.Equal(8, seen.Distinct().Count());
        Assert.Equal(seen.Max(), await _database.ScalarAsync<long>("SELECT version FROM public.accounts"));

        await _database.ExecuteAsync("DELETE FROM public.accounts");
        await InsertAsync("acme");
        Assert.True(await _database.ScalarAsync<long>("SELECT version FROM public.accounts") > seen.Max());
    }

    private async Task<int> InsertAsync(string slug, string? database = null, string status = "active")
    {
        await using var connection = await _database.OpenAsync();
        await using var command = new NpgsqlCommand(
            "INSERT INTO accounts (account_id, account_name, database_name, status) VALUES ($1, 'Acme', $2, $3)", connection);
        command.Parameters.Add(new() { Value = slug });
        command.Parameters.Add(new() { Value = database ?? slug });
        command.Parameters.Add(new() { Value = status });
        return await command.ExecuteNonQueryAsync();
    }

    private static async Task<string?> RefusedByAsync(Func<Task<int>> change)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(change);
        Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
        return refused.ConstraintName;
    }
}
