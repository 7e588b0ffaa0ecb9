using Kataven.Grains.Accounts;
using Kataven.Isolation.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kataven.Isolation.Tests.Backups;

/// <summary>Whatever an account does to its own role, a backup is restored for it, and comes back as it was.</summary>
public abstract class ChangedRoleSuite(ArenaService service) : BackupSuite(service)
{
    [Theory]
    [InlineData("PASSWORD 'mine'")]
    [InlineData("PASSWORD NULL")]
    [InlineData("SET local_preload_libraries = 'nothing_there'")]
    [InlineData("SET default_transaction_read_only = on")]
    [InlineData("SET array_nulls = off")]
    public async Task A_restore_for_it_succeeds_and_comes_to_the_same(string change)
    {
        await RequireToolsAsync();
        var (account, other) = (await Service.NewAccountAsync("whole"), await Service.NewAccountAsync("changed"));
        await Service.QueryAsync(account, """
            CREATE TABLE item AS SELECT 1 AS id, ARRAY['NULL', NULL, 'ü\'] AS names, timestamptz '2024-02-03 04:05:06+00' AS at, interval '-1 day 2 hours' AS took
            """);
        var (name, backup) = await DumpAsync(account);
        await ChangeAsync(other, change);

        await RestoreAsync(name, backup.Stored, other);

        const string Question = "SELECT id || ' ' || names::text || ' ' || extract(epoch FROM at) || ' ' || extract(epoch FROM took) FROM public.item";
        Assert.Equal(await Service.SuperuserScalarAsync<string>(account, Question), await Service.SuperuserScalarAsync<string>(other, Question));
    }

    [Fact]
    public async Task A_program_that_logs_in_as_it_begins_with_none_of_what_it_has_set()
    {
        var account = await Service.NewAccountAsync("changed");
        string[] limited = Service.ServerMajor >= 17 ? ["SET transaction_timeout = 1"] : [];
        await ChangeAsync(
            account,
            [.. limited, "SET default_transaction_read_only = on", "SET default_transaction_isolation = serializable", "SET idle_session_timeout = 1", "SET TimeZone = 'Asia/Tokyo'",
                "SET DateStyle = 'SQL, DMY'", "PASSWORD 'mine'"]);

        var login = await Service.Services.GetRequiredService<RoleLogin>().ProveAsync(account, await CredentialOfAsync(account), Cancellation);

        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(
            """
            SELECT concat_ws(' ', current_setting('default_transaction_read_only'), current_setting('default_transaction_isolation'),
                             coalesce(current_setting('transaction_timeout', true), '0'), current_setting('idle_session_timeout'), current_setting('TimeZone'),
                             current_setting('DateStyle'))
            """,
            connection);
        Assert.Equal("off read committed 0 0 UTC ISO, MDY", await command.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task What_it_has_set_stays_set()
    {
        await RequireToolsAsync();
        var (account, other) = (await Service.NewAccountAsync("whole"), await Service.NewAccountAsync("changed"));
        var (name, backup) = await DumpAsync(account);
        await ChangeAsync(other, "SET default_transaction_read_only = on", "SET application_name = 'mine'", "PASSWORD 'mine'");

        await RestoreAsync(name, backup.Stored, other);

        Assert.Equal(
            "application_name=mine default_transaction_read_only=on",
            await Service.SystemScalarAsync<string>(
                "SELECT string_agg(x, ' ' ORDER BY x) FROM pg_db_role_setting, unnest(setconfig) x WHERE setrole = $1::regrole AND x ~ '^(application_name|default_transaction_read_only)='",
                await Service.RoleOfAsync(other)));
    }

    private async Task ChangeAsync(string account, params string[] changes)
    {
        await using var connection = await LogInAsync(account);
        await RunAsync(connection, string.Join("; ", changes.Select(change => $"ALTER ROLE CURRENT_USER {change}")));
    }
}
