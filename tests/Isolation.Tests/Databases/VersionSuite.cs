using Kataven.Isolation.Tests.Servers;
using Kataven.Testing.Service;

namespace Kataven.Isolation.Tests.Databases;

/// <summary>What was closed by an older version, or on an older server, is brought up to date.</summary>
public abstract class VersionSuite(ArenaService service) : ServerSuite(service, onEach: true)
{
    private const string OlderState = """
        ALTER EXTENSION plpgsql DROP EVENT TRIGGER _kataven_end;
        DROP EVENT TRIGGER _kataven_end;
        GRANT SELECT ON pg_database TO PUBLIC;
        """;

    [Theory]
    [InlineData("isolation_version = 1", false)]
    [InlineData("isolation_version = 1", true)]
    [InlineData("server_major = 9", false)]
    [InlineData("server_major = 9", true)]
    public async Task An_account_of_an_older_version_or_server_is_brought_up_to_date(string stamp, bool byRepair)
    {
        var account = await Service.NewAccountAsync("older");
        await Service.QueryAsync(account, "CREATE TABLE item AS SELECT 7 AS id");
        await Service.SuperuserAsync(account, $"UPDATE _kataven.identity SET {stamp}; {OlderState}");
        await Service.SuperuserAsync("system", $"UPDATE public.accounts SET isolation_version = 1 WHERE account_id = '{account}'");
        await Service.CloseLanesAsync(account);
        if (byRepair)
        {
            var repaired = await Service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/isolation/repair");
            Assert.True(repaired.Status == 200, repaired.ToString());
        }
        else
        {
            await Service.QueryAsync(account, "SELECT 1");
        }

        await AssertSoundAsync(account);
        Assert.Equal("42501", (await Service.TryQueryAsync(account, "SELECT datname FROM pg_database")).SqlState);
        Assert.Equal(7, (await Service.ScalarAsync(account, "SELECT id FROM item")).GetInt32());
        Assert.Equal(
            await Service.SuperuserScalarAsync<int>(account, "SELECT isolation_version FROM _kataven.identity"),
            await Service.SystemScalarAsync<int>("SELECT isolation_version FROM public.accounts WHERE account_id = $1", account));
    }

    [Theory]
    [InlineData("COMMENT ON DATABASE _kataven_template IS 'kataven isolation 1, server 15, hardened'")]
    [InlineData("COMMENT ON DATABASE _kataven_template IS NULL")]
    [InlineData("ALTER DATABASE _kataven_template IS_TEMPLATE false; DROP DATABASE _kataven_template")]
    public async Task A_template_of_an_older_version_or_none_is_made_anew_at_the_next_start(string older)
    {
        var label = await LabelAsync();
        await Service.SuperuserAsync("postgres", "ALTER DATABASE _kataven_template ALLOW_CONNECTIONS true");
        await Service.SuperuserAsync("_kataven_template", OlderState);
        await Service.SuperuserAsync("postgres", "ALTER DATABASE _kataven_template ALLOW_CONNECTIONS false");
        foreach (var statement in older.Split("; "))
        {
            await Service.SuperuserAsync("postgres", statement);
        }

        await Service.RestartServiceAsync();
        await AssertSoundAsync(await Service.NewAccountAsync("templated"));
        Assert.Equal(label, await LabelAsync());
        Assert.Contains($"server {Service.ServerMajor}", label, StringComparison.Ordinal);
    }

    private Task<string> LabelAsync() => Service.SystemScalarAsync<string>(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '_kataven_template' AND datistemplate AND NOT datallowconn");

    private async Task AssertSoundAsync(string account)
    {
        var report = (await Service.AdminClient().CallAsync(HttpMethod.Get, $"/api/admin/accounts/{account}/isolation")).Ok();
        Assert.True(report.GetProperty("sound").GetBoolean(), report.ToString());
    }
}
