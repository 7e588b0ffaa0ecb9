using System.Globalization;
using Kataven.Isolation.Tests.Servers;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Isolation.Tests.Databases;

/// <summary>A database that is not the account's, whatever it is called, is neither read nor handed over.</summary>
public abstract class IdentitySuite(ArenaService service) : ServerSuite(service, onEach: true)
{
    [Fact]
    public async Task Two_databases_that_were_renamed_into_each_others_names_serve_nobody()
    {
        var (one, oneMark) = await Service.NewMarkedAccountAsync("swap");
        var (two, twoMark) = await Service.NewMarkedAccountAsync("swap");
        await SwapAsync(one, two);

        foreach (var account in new[] { one, two })
        {
            var reply = await AssertViolationAsync(account, "SELECT mark FROM marked");
            Assert.DoesNotContain(oneMark, reply.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(twoMark, reply.Text, StringComparison.Ordinal);
            Assert.Equal("f", await Service.SuperuserScalarAsync<string>("system",
                $"SELECT left(has_database_privilege('{await Service.RoleOfAsync(account)}', '{account}', 'CONNECT')::text, 1)"));
        }

        await SwapAsync(one, two);
        Assert.Equal(oneMark, (await Service.ScalarAsync(one, "SELECT mark FROM marked")).GetString());
    }

    [Fact]
    public async Task A_renamed_database_that_lets_the_wrong_role_in_is_known_by_its_stamp()
    {
        var (one, oneMark) = await Service.NewMarkedAccountAsync("letin");
        var (two, twoMark) = await Service.NewMarkedAccountAsync("letin");
        await SwapAsync(one, two);
        await Service.SuperuserAsync("postgres", $"GRANT CONNECT ON DATABASE \"{one}\" TO \"{await Service.RoleOfAsync(one)}\"");
        await Service.SuperuserAsync(one, $"GRANT USAGE ON SCHEMA public TO PUBLIC; GRANT SELECT ON marked TO PUBLIC");

        var reply = await AssertViolationAsync(one, "SELECT mark FROM marked");
        Assert.DoesNotContain(oneMark, reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(twoMark, reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_without_a_stamp_where_there_was_one_is_refused_and_left_as_it_is()
    {
        var (account, _) = await Service.NewMarkedAccountAsync("wrongfile");
        await CloseAsync(account);
        await Service.SuperuserAsync("postgres", $"DROP DATABASE \"{account}\" WITH (FORCE)");
        await Service.SuperuserAsync("postgres", $"CREATE DATABASE \"{account}\"");
        await Service.SuperuserAsync(account, "CREATE TABLE marked (mark text); INSERT INTO marked VALUES ('of somebody else')");

        var reply = await AssertViolationAsync(account, "SELECT mark FROM marked");
        Assert.DoesNotContain("of somebody else", reply.Text, StringComparison.Ordinal);
        Assert.Equal("postgres", await Service.SuperuserScalarAsync<string>(account, "SELECT tableowner::text FROM pg_tables WHERE tablename = 'marked'"));
        var repair = await Service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/isolation/repair");
        Assert.Equal("isolation_violation", repair.Code);
    }

    [Fact]
    public async Task A_view_in_the_stamps_place_is_not_read_and_runs_no_code()
    {
        var mallory = "mallory_" + Guid.NewGuid().ToString("N");
        await Service.SuperuserAsync("postgres", $"CREATE ROLE {mallory}");
        var account = await Service.NewHandMadeAsync("trap",
            "CREATE TABLE ran (as_role text); GRANT ALL ON ran TO PUBLIC",
            "CREATE FUNCTION trap() RETURNS uuid LANGUAGE plpgsql AS 'begin insert into public.ran values (current_user); return null; end'",
            $"CREATE SCHEMA _kataven AUTHORIZATION {mallory}",
            "CREATE VIEW _kataven.identity AS SELECT true AS only_row, public.trap() AS account_uid, 1 AS isolation_version, 15 AS server_major",
            $"ALTER VIEW _kataven.identity OWNER TO {mallory}");

        await AssertViolationAsync(account, "SELECT 1");
        Assert.Equal(0, await Service.SuperuserScalarAsync<long>(account, "SELECT count(*) FROM public.ran"));
        Assert.Equal(mallory, await Service.SuperuserScalarAsync<string>(account, "SELECT viewowner::text FROM pg_views WHERE schemaname = '_kataven'"));
    }

    [Fact]
    public async Task A_table_with_a_trigger_in_the_stamps_place_is_not_written()
    {
        var mallory = "mallory_" + Guid.NewGuid().ToString("N");
        await Service.SuperuserAsync("postgres", $"CREATE ROLE {mallory}");
        var account = await Service.NewHandMadeAsync("trap",
            "CREATE TABLE ran (as_role text); GRANT ALL ON ran TO PUBLIC",
            "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS 'begin insert into public.ran values (current_user); return new; end'",
            "CREATE SCHEMA _kataven",
            "CREATE TABLE _kataven.identity (only_row boolean PRIMARY KEY DEFAULT true, account_uid uuid, isolation_version integer, server_major integer)",
            "CREATE TRIGGER trap BEFORE INSERT ON _kataven.identity FOR EACH ROW EXECUTE FUNCTION trap()",
            $"ALTER TABLE _kataven.identity OWNER TO {mallory}");

        await AssertViolationAsync(account, "SELECT 1");
        Assert.Equal(0, await Service.SuperuserScalarAsync<long>(account, "SELECT count(*) FROM public.ran"));
    }

    [Fact]
    public async Task A_stamp_of_another_id_is_a_violation_until_it_is_the_accounts_again()
    {
        var (account, mark) = await Service.NewMarkedAccountAsync("uid");
        var uid = await Service.SuperuserScalarAsync<Guid>(account, "SELECT account_uid FROM _kataven.identity");
        await Service.SuperuserAsync(account, "UPDATE _kataven.identity SET account_uid = gen_random_uuid()");
        await CloseAsync(account);

        await AssertViolationAsync(account, "SELECT mark FROM marked");
        await Service.SuperuserAsync(account, $"UPDATE _kataven.identity SET account_uid = '{uid}'");
        Assert.Equal(mark, (await Service.ScalarAsync(account, "SELECT mark FROM marked")).GetString());
    }

    private async Task<Reply> AssertViolationAsync(string account, string sql)
    {
        var (audit, violations) = (await AuditEntriesAsync(account), await ViolationsAsync());
        var reply = await Service.TryQueryAsync(account, sql);
        Assert.Equal(503, reply.Status);
        Assert.Equal("isolation_violation", reply.Code);
        Assert.True(await AuditEntriesAsync(account) > audit, "The audit log does not say so.");
        await Eventually.Async(async () => await ViolationsAsync() > violations, TimeSpan.FromSeconds(10), "the metric says so");
        return reply;
    }

    private async Task<long> ViolationsAsync()
    {
        var text = (await Service.Anonymous.CallAsync(HttpMethod.Get, "/metrics")).Text;
        var line = Assert.Single(text.Split('\n'), line => line.StartsWith("kataven_isolation_violations_total", StringComparison.Ordinal));
        Assert.DoesNotContain("account", line, StringComparison.Ordinal);
        return long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private Task<long> AuditEntriesAsync(string account) => Service.SystemScalarAsync<long>(
        "SELECT count(*) FROM kataven.audit WHERE account_id = $1 AND outcome = 'isolation_violation'", account);

    private async Task SwapAsync(string one, string two)
    {
        await CloseAsync(one);
        await CloseAsync(two);
        await Service.SuperuserAsync("postgres", $"ALTER DATABASE \"{one}\" RENAME TO \"swapped-{one}\"");
        await Service.SuperuserAsync("postgres", $"ALTER DATABASE \"{two}\" RENAME TO \"{one}\"");
        await Service.SuperuserAsync("postgres", $"ALTER DATABASE \"swapped-{one}\" RENAME TO \"{two}\"");
    }

    /// <summary>Nobody is in the database any more.</summary>
    private async Task CloseAsync(string account)
    {
        await Service.CloseLanesAsync(account);
        await Service.SuperuserAsync("postgres", $"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{account}'");
    }
}
