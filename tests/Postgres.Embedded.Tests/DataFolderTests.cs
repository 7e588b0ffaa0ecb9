using System.Text;

namespace Kataven.Postgres.Embedded.Tests;

public sealed class DataFolderTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Fact]
    public async Task A_folder_that_the_servers_user_cannot_enter_has_its_data_elsewhere()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root runs the server as another user.");
        using var folder = new TemporaryFolder("closed/data");
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Path)!, OwnerOnly);
        var told = new List<string>();
        var options = EmbeddedServer.OptionsOn(folder) with { DeleteOnDispose = true, Log = told.Add };

        string elsewhere;
        await using (var server = await EmbeddedPostgres.StartAsync(options, TestContext.Current.CancellationToken))
        {
            elsewhere = server.DataDirectory;
            Assert.Equal("1", await EmbeddedServer.AskAsync(server.ConnectionString, "SELECT 1"));
            Assert.NotEqual(folder.Path, elsewhere);
            Assert.Equal(elsewhere, (await File.ReadAllTextAsync(Path.Combine(folder.Path, "moved-to"), TestContext.Current.CancellationToken)).Trim());
            Assert.Contains(elsewhere, Assert.Single(told), StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(elsewhere));
    }

    [Fact]
    public async Task A_folder_with_a_long_path_has_a_socket_with_a_short_one()
    {
        using var folder = new TemporaryFolder(string.Concat(Enumerable.Repeat("a-long-name/", 10)));

        string sockets;
        await using (var server = await EmbeddedServer.StartAsync(folder))
        {
            sockets = await EmbeddedServer.AskAsync(server.ConnectionString, "SHOW unix_socket_directories");
            Assert.True(Encoding.UTF8.GetByteCount($"{sockets}/.s.PGSQL.{server.Port}") <= DataFolder.SocketPathLimit);
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(sockets));
        }

        Assert.False(Directory.Exists(sockets), "The socket's folder stayed behind.");
    }
}
