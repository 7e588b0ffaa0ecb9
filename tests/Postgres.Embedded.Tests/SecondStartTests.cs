using System.Net;
using System.Net.Sockets;
using Kataven.Testing;

namespace Kataven.Postgres.Embedded.Tests;

public sealed class SecondStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_start_finds_data_password_and_port_of_the_first()
    {
        string connectionString;
        await using (var first = await EmbeddedServer.StartAsync(_folder))
        {
            connectionString = first.ConnectionString;
            await EmbeddedServer.AskAsync(connectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
        }

        await using var second = await EmbeddedServer.StartAsync(_folder);

        Assert.Equal(connectionString, second.ConnectionString);
        Assert.Equal("42", await EmbeddedServer.AskAsync(connectionString, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task A_second_start_takes_another_port_where_the_former_is_in_use()
    {
        int port;
        await using (var first = await EmbeddedServer.StartAsync(_folder))
        {
            port = first.Port;
        }

        using var occupant = new TcpListener(IPAddress.Loopback, port);
        occupant.Start();
        await using var second = await EmbeddedServer.StartAsync(_folder);

        Assert.NotEqual(port, second.Port);
        Assert.Equal("1", await EmbeddedServer.AskAsync(second.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task A_demanded_port_that_is_in_use_fails_with_the_servers_own_words()
    {
        using var occupant = new TcpListener(IPAddress.Loopback, 0);
        occupant.Start();
        var options = EmbeddedServer.OptionsOn(_folder) with { Port = ((IPEndPoint)occupant.LocalEndpoint).Port };

        var failure = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedPostgres.StartAsync(options, TestContext.Current.CancellationToken));

        Assert.Contains("Address already in use", failure.Message, StringComparison.Ordinal);
        Assert.Empty(FormerServer.ProcessesOf(_folder.Cluster));
    }

    [Fact]
    public async Task Two_starts_on_one_folder_do_not_fight()
    {
        await using var first = await EmbeddedServer.StartAsync(_folder);

        var failure = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedServer.StartAsync(_folder));

        Assert.Contains($"Another program runs a PostgreSQL server on '{_folder.Path}'", failure.Message, StringComparison.Ordinal);
        Assert.Equal("1", await EmbeddedServer.AskAsync(first.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task An_initialisation_that_was_cut_off_is_begun_anew()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "cluster.unfinished", "base"));

        await using var server = await EmbeddedServer.StartAsync(_folder);

        Assert.Equal("1", await EmbeddedServer.AskAsync(server.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task A_lost_password_file_is_named()
    {
        await (await EmbeddedServer.StartAsync(_folder)).DisposeAsync();
        File.Delete(Path.Combine(_folder.Path, "password"));

        var failure = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedServer.StartAsync(_folder));

        Assert.Contains(Path.Combine(_folder.Path, "password"), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_the_server_refuses_fails_with_its_words()
    {
        var options = EmbeddedServer.OptionsOn(_folder) with { Settings = new Dictionary<string, string> { ["work_mem"] = "plenty" } };

        var failure = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedPostgres.StartAsync(options, TestContext.Current.CancellationToken));

        Assert.Contains("work_mem", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_a_version_that_is_not_installed_is_named_with_what_to_install()
    {
        await (await EmbeddedServer.StartAsync(_folder)).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder.Cluster, "PG_VERSION"), "9\n", TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedServer.StartAsync(_folder));

        Assert.Contains("install PostgreSQL 9", failure.Message, StringComparison.Ordinal);
    }
}
