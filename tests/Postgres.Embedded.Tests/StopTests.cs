using Kataven.Testing;

namespace Kataven.Postgres.Embedded.Tests;

public sealed class StopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Disposing_leaves_no_process_and_no_folder_that_was_to_go()
    {
        var server = await EmbeddedPostgres.StartAsync(EmbeddedServer.OptionsOn(_folder) with { DeleteOnDispose = true }, TestContext.Current.CancellationToken);
        Assert.NotEmpty(FormerServer.ProcessesOf(_folder.Cluster));

        await server.DisposeAsync();

        Assert.Empty(FormerServer.ProcessesOf(_folder.Cluster));
        Assert.False(Directory.Exists(_folder.Path));
    }

    [Fact]
    public async Task A_server_that_was_stopped_starts_again_on_the_same_port()
    {
        await using var server = await EmbeddedServer.StartAsync(_folder);
        var port = server.Port;

        await server.StopAsync();
        Assert.Empty(FormerServer.ProcessesOf(_folder.Cluster));
        Assert.Equal(0, server.Pid);
        await server.StartAgainAsync(TestContext.Current.CancellationToken);

        Assert.Equal(port, server.Port);
        Assert.Equal("1", await EmbeddedServer.AskAsync(server.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task A_host_that_is_told_to_stop_takes_its_server_with_it()
    {
        using var host = await HostProgram.StartAsync(_folder);

        host.Send(HostProgram.Terminate);

        Assert.Equal(0, await host.ExitCodeAsync());
        Assert.Empty(FormerServer.ProcessesOf(_folder.Cluster));
    }

    [Fact]
    public async Task A_host_that_is_killed_takes_its_server_with_it()
    {
        using var host = await HostProgram.StartAsync(_folder);

        host.Send(Signal.Kill);

        await Eventually.Async(() => FormerServer.ProcessesOf(_folder.Cluster).Count == 0, EmbeddedServer.Patience, "the server ends after its host");
        Assert.False(File.Exists(Path.Combine(_folder.Cluster, "postmaster.pid")), "The shutdown was not an orderly one.");
    }

    [Fact]
    public async Task A_start_right_after_the_host_was_killed_finds_its_data()
    {
        using var host = await HostProgram.StartAsync(_folder);
        await EmbeddedServer.AskAsync(host.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");

        host.Send(Signal.Kill);
        await host.ExitCodeAsync();
        await using var server = await EmbeddedServer.StartAsync(_folder);

        Assert.Equal("42", await EmbeddedServer.AskAsync(server.ConnectionString, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task A_server_that_outlived_host_and_watcher_is_ended_by_the_next_start()
    {
        using var host = await HostProgram.StartAsync(_folder);
        await EmbeddedServer.AskAsync(host.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
        var former = PostmasterFile.Read(_folder.Cluster)!.Pid;

        host.KillWithWatchers(former);
        await host.ExitCodeAsync();
        Assert.Contains(former, FormerServer.ProcessesOf(_folder.Cluster));
        await using var server = await EmbeddedServer.StartAsync(_folder);

        Assert.NotEqual(former, server.Pid);
        Assert.DoesNotContain(former, FormerServer.ProcessesOf(_folder.Cluster));
        Assert.Equal("42", await EmbeddedServer.AskAsync(server.ConnectionString, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task A_pid_file_that_names_another_program_does_not_stop_the_start()
    {
        await (await EmbeddedServer.StartAsync(_folder)).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder.Cluster, "postmaster.pid"), $"{Environment.ProcessId}\n", TestContext.Current.CancellationToken);

        await using var server = await EmbeddedServer.StartAsync(_folder);

        Assert.Equal("1", await EmbeddedServer.AskAsync(server.ConnectionString, "SELECT 1"));
    }
}
