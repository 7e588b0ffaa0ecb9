using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Audits;

/// <summary>What an operator sees and does with <c>kataven isolation</c>, on the whole service.</summary>
public sealed class InstalledServerCommandTests(SmallService service) : ServerSuite(service), IClassFixture<SmallService>
{
    [Theory]
    [InlineData("database_public", "GRANT CONNECT ON DATABASE \"{0}\" TO PUBLIC")]
    public async Task An_account_that_was_opened_by_hand_is_found_shown_and_repaired(string check, string opening)
    {
        var account = await Service.NewAccountAsync("opened");
        Assert.Equal(0, (await CommandLine.IsolationAsync(Service, "show", account)).ExitCode);
        await Service.SuperuserAsync(
            "postgres", string.Format(System.Globalization.CultureInfo.InvariantCulture, opening, account, await Service.RoleOfAsync(account)));

        var audit = await CommandLine.IsolationAsync(Service, "audit", "--output", "csv");
        Assert.Equal(4, audit.ExitCode);
        Assert.Contains($"\r\nwrong,{account},{check},", audit.Out, StringComparison.Ordinal);
        Assert.Equal(4, (await CommandLine.IsolationAsync(Service, "audit", "--server-only")).ExitCode);
        Assert.Equal(4, (await CommandLine.IsolationAsync(Service, "show", account)).ExitCode);

        var repair = await CommandLine.IsolationAsync(Service, "repair", account);
        Assert.True(repair.ExitCode == 0, repair.ToString());
        Assert.Equal(0, (await CommandLine.IsolationAsync(Service, "show", account)).ExitCode);
        var after = await CommandLine.IsolationAsync(Service, "audit", "--output", "csv");
        Assert.DoesNotContain($",{account},", after.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_are_repaired_and_their_passwords_rotated_although_one_of_them_is_not_there()
    {
        var (one, two) = (await Service.NewAccountAsync("many"), await Service.NewAccountAsync("many"));
        var former = (await Service.LoginOfAsync(one)).Password;

        var repair = await CommandLine.IsolationAsync(Service, "repair", one, "never-made", two);
        var rotate = await CommandLine.IsolationAsync(Service, "rotate", one, "never-made", two);

        Assert.Equal((1, 1), (repair.ExitCode, rotate.ExitCode));
        Assert.Equal(["repaired", "failed", "repaired"], Outcomes(repair));
        Assert.Equal(["rotated", "failed", "rotated"], Outcomes(rotate));
        Assert.StartsWith("never-made: account_not_found", rotate.Error, StringComparison.Ordinal);
        Assert.NotEqual(former, (await Service.LoginOfAsync(one)).Password);
        await Service.CloseLanesAsync(one);
        Assert.Equal(1, (await Service.ScalarAsync(one, "SELECT 1")).GetInt32());
    }

    [Fact]
    public async Task An_audit_with_all_has_every_active_account()
    {
        var account = await Service.NewAccountAsync("whole");

        var audit = await CommandLine.IsolationAsync(Service, "audit", "--all");

        var report = audit.Json.GetProperty("accounts").EnumerateArray().Single(entry => entry.GetProperty("account_id").GetString() == account);
        Assert.True(report.GetProperty("sound").GetBoolean(), report.ToString());
        Assert.Equal(Service.ServerMajor.ToString(System.Globalization.CultureInfo.InvariantCulture), audit.Json.GetProperty("server").GetProperty("server_version").GetString()!.Split('.')[0]);
        Assert.Equal(0, audit.Json.GetProperty("accounts_not_checked").GetInt32());
    }

    private static IEnumerable<string?> Outcomes(CommandLine run) =>
        run.Json.GetProperty("accounts").EnumerateArray().Select(row => row.GetProperty("outcome").GetString());
}
