using Kataven.Isolation.Tests.Servers;
using Kataven.Testing.Service;

namespace Kataven.Isolation.Tests.Databases;

/// <summary>Whatever is wrong with the server as a whole is told by its report, for as long as it is wrong.</summary>
public abstract class ServerReportSuite(ArenaService service) : ServerSuite(service)
{
    /// <summary>What the report says of it, what breaks it, what mends it; <c>$db</c>, <c>$slug</c>, <c>$role</c> and <c>$other</c> are filled in.</summary>
    public static TheoryData<string, string, string> Breaches => new()
    {
        { "PUBLIC can connect to $slug", "GRANT CONNECT ON DATABASE $db TO PUBLIC", "REVOKE CONNECT ON DATABASE $db FROM PUBLIC" },
        { "PUBLIC can connect to the system database", "GRANT CONNECT ON DATABASE system TO PUBLIC", "REVOKE CONNECT ON DATABASE system FROM PUBLIC" },
        { "PUBLIC can connect to postgres", "GRANT CONNECT ON DATABASE postgres TO PUBLIC", "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC" },
        { "PUBLIC can connect to template1", "GRANT CONNECT ON DATABASE template1 TO PUBLIC", "REVOKE CONNECT ON DATABASE template1 FROM PUBLIC" },
        { "database $slug belongs to the role of an account", "ALTER DATABASE $db OWNER TO $role", "ALTER DATABASE $db OWNER TO CURRENT_USER" },
        { "role $role has attributes that no account has", "ALTER ROLE $role CREATEDB", "ALTER ROLE $role NOCREATEDB" },
        { "role $role has attributes that no account has", "ALTER ROLE $role CONNECTION LIMIT -1", "ALTER ROLE $role CONNECTION LIMIT 50" },
        { "role $role is a member of pg_monitor", "GRANT pg_monitor TO $role", "REVOKE pg_monitor FROM $role" },
        { "database $slug lets in 2 accounts", "GRANT CONNECT ON DATABASE $db TO $other", "REVOKE CONNECT ON DATABASE $db FROM $other" },
        { "the template of new databases can be entered", "ALTER DATABASE _kataven_template ALLOW_CONNECTIONS true", "ALTER DATABASE _kataven_template ALLOW_CONNECTIONS false" },
        { "role t_00000000000000000000 is named like an account's", "CREATE ROLE t_00000000000000000000", "DROP ROLE t_00000000000000000000" },
        { "1 accounts were closed by an older version", "UPDATE public.accounts SET isolation_version = 1 WHERE account_id = '$slug'", "UPDATE public.accounts SET isolation_version = 1000 WHERE account_id = '$slug'" },
    };

    [Theory]
    [MemberData(nameof(Breaches))]
    public async Task What_is_wrong_with_the_server_is_found(string finding, string breaking, string mending)
    {
        var account = await Service.NewAccountAsync("server");
        var (role, other) = (await Service.RoleOfAsync(account), await Service.RoleOfAsync(Service.Arena.Victim));
        string Fill(string text) => text
            .Replace("$db", $"\"{account}\"", StringComparison.Ordinal).Replace("$slug", account, StringComparison.Ordinal)
            .Replace("$role", role, StringComparison.Ordinal).Replace("$other", other, StringComparison.Ordinal);
        Assert.DoesNotContain(Fill(finding), await ReportAsync(), StringComparison.Ordinal);
        await Service.SuperuserAsync("system", Fill(breaking));
        try
        {
            Assert.Contains(Fill(finding), await ReportAsync(), StringComparison.Ordinal);
        }
        finally
        {
            await Service.SuperuserAsync("system", Fill(mending));
        }

        Assert.DoesNotContain(Fill(finding), await ReportAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_started_as_recommended_has_no_setting_to_change_and_misses_nothing()
    {
        var report = (await Service.AdminClient().CallAsync(HttpMethod.Get, "/api/admin/isolation")).Ok();
        Assert.Equal("[]", report.GetProperty("settings").ToString());
        Assert.Equal("[]", report.GetProperty("missing").ToString());
    }

    /// <summary>Its texts, as they are before they are JSON.</summary>
    private async Task<string> ReportAsync() => string.Join('\n', (await Service.AdminClient().CallAsync(HttpMethod.Get, "/api/admin/isolation")).Ok()
        .GetProperty("findings").EnumerateArray().Select(finding => finding.GetString()));
}
