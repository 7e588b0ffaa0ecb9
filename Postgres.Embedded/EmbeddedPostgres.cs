using Npgsql;

namespace Kataven.Postgres.Embedded;

/// <summary>
/// A PostgreSQL server of our own: on a loopback port, with a generated password, its data in one folder. It stops when
/// this is disposed of, and when this process ends in any other way.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    internal const string LoopbackAddress = "127.0.0.1";
    internal const string Superuser = "postgres";

    /// <summary>Between the choice of a free port and its use another program may take it.</summary>
    private const int PortAttempts = 5;

    private readonly EmbeddedPostgresOptions _options;
    private readonly DataFolder _folder;
    private readonly ServerUser _user;
    private PostgresBinaries _binaries;
    private ServerProcess? _process;
    private bool _disposed;

    private EmbeddedPostgres(EmbeddedPostgresOptions options, DataFolder folder, ServerUser user, PostgresBinaries binaries)
    {
        _options = options;
        _folder = folder;
        _user = user;
        _binaries = binaries;
    }

    public string Host { get; } = LoopbackAddress;

    public int Port { get; private set; }

    public string Password { get; private set; } = "";

    /// <summary>Of the superuser, to the database <c>postgres</c>.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = Host,
        Port = Port,
        Username = Superuser,
        Password = Password,
        Database = "postgres",
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    public string BinDirectory => _binaries.Directory;

    public Version ServerVersion { get; private set; } = new(0, 0);

    /// <summary>The server's process; 0 while it is stopped.</summary>
    public int Pid => _process?.Pid ?? 0;

    /// <summary>Where the data is: the folder asked for, or where it had to move.</summary>
    public string DataDirectory => _folder.Root;

    /// <exception cref="EmbeddedPostgresException">It could not be started; the message has the server's own words.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, CancellationToken cancellationToken = default)
    {
        var binaries = options.Binaries ?? await PostgresBinaries.FindOrInstallAsync(options.Log, cancellationToken);
        var user = await ServerUser.ChooseAsync(cancellationToken);
        var folder = await DataFolder.OpenAsync(options.DataDirectory, user, options.Log, cancellationToken);
        var server = new EmbeddedPostgres(options, folder, user, binaries);
        try
        {
            await server.PrepareAsync(cancellationToken);
            await server.StartAgainAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the server and keeps the folder, so that a test can see what happens while it is away.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    /// <summary>Starts it after <see cref="StopAsync"/>, on the same port.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        for (var attempt = 1; _process is null; attempt++)
        {
            var fixedPort = Port > 0 ? Port : _options.Port;
            var port = fixedPort > 0 ? fixedPort : LoopbackPort.Choose(attempt == 1 ? _folder.FormerPort() : 0);
            var settings = ServerSettings.All(_options, ServerVersion.Major, port, await _folder.SocketDirectoryAsync(_user, cancellationToken));
            var process = await ServerProcess.StartAsync(_folder, _binaries, _user, settings, cancellationToken);
            try
            {
                if (await process.BecameReadyAsync(_options.StartTimeout, cancellationToken))
                {
                    (Port, _process) = (port, process);
                    _folder.KeepPort(port);
                    return;
                }
            }
            finally
            {
                if (_process is null)
                {
                    await process.DisposeAsync();
                }
            }

            var words = process.LastLogLines();
            if (fixedPort > 0 || attempt == PortAttempts || !words.Contains("Address already in use", StringComparison.Ordinal))
            {
                throw new EmbeddedPostgresException($"PostgreSQL {ServerVersion} did not start on port {port} with the data in '{_folder.Root}':\n{words}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await StopAsync();
        if (_options.DeleteOnDispose)
        {
            _folder.Delete();
        }

        _folder.Dispose();
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        ServerVersion = await _binaries.VersionAsync(cancellationToken);
        Password = await _folder.PasswordAsync(_user, cancellationToken);
        if (InitialCluster.MajorVersion(_folder) is not { } major)
        {
            await InitialCluster.MakeAsync(_folder, _binaries, _user, _options.FastUnsafe, cancellationToken);
            return;
        }

        if (major != ServerVersion.Major)
        {
            _binaries = PostgresBinaries.OfMajor(major) ?? throw new EmbeddedPostgresException(
                $"The data in '{_folder.Root}' was made by PostgreSQL {major}, and '{BinDirectory}' is {ServerVersion}: install PostgreSQL {major}, or use another data folder.");
            ServerVersion = await _binaries.VersionAsync(cancellationToken);
        }

        await FormerServer.EndAsync(_folder.Cluster, cancellationToken);
        await _user.OwnAsync(_folder.Cluster, cancellationToken);
    }
}
