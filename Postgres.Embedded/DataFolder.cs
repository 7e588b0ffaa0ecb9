using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kataven.Postgres.Embedded;

/// <summary>The folder of one private server and what stands in it. Held by a lock while the server runs.</summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>A socket's whole path, in bytes; the kernel's field has 108 with the final zero.</summary>
    internal const int SocketPathLimit = 107;

    private const string MovedTo = "moved-to";
    private const string LastResort = "/var/lib/kataven";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode EveryoneEnters = OwnerOnly
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string _wanted;
    private readonly FileStream _lock;

    private DataFolder(string wanted, string root, FileStream @lock)
    {
        _wanted = wanted;
        _lock = @lock;
        Root = root;
    }

    public string Root { get; }

    public string Cluster => Path.Combine(Root, "cluster");

    /// <summary>initdb works here, and the result is renamed: a cluster that is there is a whole one.</summary>
    public string UnfinishedCluster => Path.Combine(Root, "cluster.unfinished");

    public string PasswordFile => Path.Combine(Root, "password");

    public string Log => Path.Combine(Root, "server.log");

    private string PortFile => Path.Combine(Root, "port");

    /// <exception cref="EmbeddedPostgresException">Another program has a server on this folder.</exception>
    public static async Task<DataFolder> OpenAsync(string wanted, ServerUser user, Action<string>? log, CancellationToken cancellationToken)
    {
        wanted = Path.GetFullPath(wanted);
        Create(wanted);
        var root = wanted;
        if (!await user.CanEnterAsync(wanted, cancellationToken))
        {
            root = Path.Combine(LastResort, Digest(wanted));
            Create(root);
            log?.Invoke($"The user '{user.Name}' that PostgreSQL runs as cannot enter '{wanted}': the data is in '{root}'.");
            await File.WriteAllTextAsync(Path.Combine(wanted, MovedTo), root + "\n", cancellationToken);
        }

        return new DataFolder(wanted, root, Lock(root));
    }

    public async Task<string> PasswordAsync(ServerUser user, CancellationToken cancellationToken)
    {
        if (!File.Exists(PasswordFile))
        {
            if (Directory.Exists(Cluster))
            {
                throw new EmbeddedPostgresException($"'{PasswordFile}' is missing, so nobody can log in to the data beside it: put the file back, or delete '{Root}' to begin anew.");
            }

            await using var file = new FileStream(PasswordFile, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerReadsAndWrites,
            });
            await file.WriteAsync(Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(48, lowercase: true)), cancellationToken);
        }

        await user.OwnAsync(PasswordFile, cancellationToken);
        return (await File.ReadAllTextAsync(PasswordFile, cancellationToken)).Trim();
    }

    /// <summary>The port of the last start, or 0.</summary>
    public int FormerPort() =>
        File.Exists(PortFile) && int.TryParse(File.ReadAllText(PortFile), CultureInfo.InvariantCulture, out var port) ? port : 0;

    public void KeepPort(int port) => File.WriteAllText(PortFile, port.ToString(CultureInfo.InvariantCulture));

    /// <summary>A new log for each start, and the one before it.</summary>
    public async Task BeginLogAsync(ServerUser user, CancellationToken cancellationToken)
    {
        if (File.Exists(Log))
        {
            File.Move(Log, Log + ".old", overwrite: true);
        }

        await using (new FileStream(Log, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerReadsAndWrites }))
        {
        }

        await user.OwnAsync(Log, cancellationToken);
    }

    /// <summary>The folder's own, or a new one with a short path where that would be too long for a socket.</summary>
    public async Task<string> SocketDirectoryAsync(ServerUser user, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(Root, "socket");
        if (Encoding.UTF8.GetByteCount(directory) + "/.s.PGSQL.65535.lock".Length > SocketPathLimit)
        {
            // A name that can be foreseen could have been put there by somebody else.
            directory = Directory.CreateDirectory("/tmp/kataven-socket-" + RandomNumberGenerator.GetHexString(16, lowercase: true), OwnerOnly).FullName;
        }
        else
        {
            Directory.CreateDirectory(directory, OwnerOnly);
        }

        await user.OwnAsync(directory, cancellationToken);
        return directory;
    }

    public async Task<string> EmptyUnfinishedClusterAsync(ServerUser user, CancellationToken cancellationToken)
    {
        if (Directory.Exists(UnfinishedCluster))
        {
            Directory.Delete(UnfinishedCluster, recursive: true);
        }

        Directory.CreateDirectory(UnfinishedCluster, OwnerOnly);
        await user.OwnAsync(UnfinishedCluster, cancellationToken);
        return UnfinishedCluster;
    }

    public void Delete()
    {
        Directory.Delete(Root, recursive: true);
        if (_wanted != Root)
        {
            Directory.Delete(_wanted, recursive: true);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static void Create(string directory)
    {
        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory);

            // Whatever the umask: the server's user has to come through. What is secret inside has its own mode.
            File.SetUnixFileMode(directory, EveryoneEnters);
        }
    }

    /// <summary>The kernel gives the lock back when the holder dies, however it dies.</summary>
    private static FileStream Lock(string root)
    {
        try
        {
            return new FileStream(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (failure is not FileNotFoundException and not DirectoryNotFoundException)
        {
            throw new EmbeddedPostgresException($"Another program runs a PostgreSQL server on '{root}': stop it, or use another data folder.", failure);
        }
    }

    private static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16];
}
