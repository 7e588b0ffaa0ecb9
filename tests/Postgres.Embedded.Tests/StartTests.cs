using System.Globalization;
using Kataven.Testing;
using Npgsql;

namespace Kataven.Postgres.Embedded.Tests;

public sealed class StartTests(PrivatePostgresFixture fixture) : IClassFixture<PrivatePostgresFixture>
{
    private readonly EmbeddedPostgres _server = fixture.Server;

    [Fact]
    public async Task A_server_answers_with_its_version_and_encoding()
    {
        var number = int.Parse(await AskAsync("SHOW server_version_num"), CultureInfo.InvariantCulture);

        Assert.Equal(_server.ServerVersion.Major, number / 10000);
        Assert.Equal("UTF8", await AskAsync("SHOW server_encoding"));
        Assert.Contains(await AskAsync("SELECT datcollate FROM pg_database WHERE datname = 'postgres'"), new[] { "C.UTF-8", "C" });
    }

    [Fact]
    public async Task The_hardened_settings_are_in_force()
    {
        foreach (var (name, value) in ServerSettings.Hardened(_server.ServerVersion.Major))
        {
            // PostgreSQL shows a minute as such.
            var shown = await AskAsync($"SHOW {name}");
            Assert.Equal((name, value), (name, shown == "1min" ? "60s" : shown));
        }
    }

    [Fact]
    public async Task A_setting_in_the_data_folder_takes_no_protection_away()
    {
        await AskAsync("ALTER SYSTEM SET max_prepared_transactions = 7");
        await _server.StopAsync();
        await _server.StartAgainAsync(TestContext.Current.CancellationToken);

        Assert.Equal("0", await AskAsync("SHOW max_prepared_transactions"));
    }

    [Fact]
    public async Task Another_password_is_refused_and_scram_is_demanded()
    {
        var wrong = new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Password = "postgres" }.ConnectionString;

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => EmbeddedServer.AskAsync(wrong, "SELECT 1"));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
        Assert.Equal("0", await AskAsync("SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'"));
    }

    [Fact]
    public async Task It_listens_on_loopback_alone_and_on_a_socket_that_only_its_user_reaches()
    {
        Assert.Equal("127.0.0.1", await AskAsync("SHOW listen_addresses"));

        var mode = File.GetUnixFileMode(await AskAsync("SHOW unix_socket_directories"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, mode);
    }

    [Fact]
    public void The_password_is_in_a_file_that_only_its_owner_reads()
    {
        var file = Path.Combine(_server.DataDirectory, "password");

        Assert.Equal(_server.Password, File.ReadAllText(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task The_environment_of_the_host_does_not_reach_the_server()
    {
        var environment = await File.ReadAllTextAsync($"/proc/{_server.Pid}/environ", TestContext.Current.CancellationToken);

        Assert.DoesNotContain("HOME=", environment, StringComparison.Ordinal);
    }

    [Fact]
    public void The_server_is_in_a_session_of_its_own_so_that_Ctrl_C_does_not_reach_it()
    {
        Assert.NotEqual(SessionOf(Environment.ProcessId), SessionOf(_server.Pid));

        static string SessionOf(int pid) => File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1].Split(' ')[3];
    }

    private Task<string> AskAsync(string sql) => EmbeddedServer.AskAsync(_server.ConnectionString, sql);
}
