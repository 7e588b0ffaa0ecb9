using Kataven.Bench.Grounds;

namespace Kataven.Bench.Contenders;

/// <summary>
/// The baseline with PgBouncer between it and PostgreSQL, which gives a connection to each transaction. Debian's cannot keep
/// prepared statements in that mode, so none are used.
/// </summary>
internal sealed class BehindPgBouncer(int poolSize) : Baseline(poolSize, ContenderName)
{
    public new const string ContenderName = "pgbouncer";

    /// <summary>It refuses to run as root.</summary>
    private const string OtherUser = "nobody";

    private readonly int _poolSize = poolSize;

    private static readonly string? Program = Programs.Find("pgbouncer");

    public override string? Missing => Program is null ? "pgbouncer is not installed (Debian: apt-get install pgbouncer)" : null;

    protected override async Task StartProcessesAsync(Ground ground, CancellationToken cancellation)
    {
        var port = ground.Addresses.PortOf("pgbouncer-itself");
        var folder = Directory.CreateDirectory(Path.Combine("artifacts", "bench", "pgbouncer"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var settings = Path.Combine(folder.FullName, "pgbouncer.ini");
        var users = Path.Combine(folder.FullName, "users.txt");
        await File.WriteAllTextAsync(settings, Settings(ground, port, users), cancellation);
        // With its user named in the settings each database would count as a user of its own, and max_user_connections for nothing.
        await File.WriteAllTextAsync(users, $"\"postgres\" \"{ground.Server.Password}\"\n", cancellation);
        string[] user = Environment.IsPrivilegedProcess ? ["-u", OtherUser] : [];
        await RunAsync(Program!, [.. user, settings], [], cancellation);
        var pool = PoolOf(ground);
        (pool.Port, pool.MaxAutoPrepare) = (port, 0);
        await StartServiceAsync(ground, pool.ConnectionString, cancellation);
    }

    private string Settings(Ground ground, int port, string users) => $"""
        [databases]
        * = host={ground.Server.Host} port={ground.Server.Port}

        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = {port}
        unix_socket_dir =
        auth_type = trust
        auth_file = {users}
        pool_mode = transaction
        max_client_conn = 10000
        default_pool_size = {_poolSize}
        max_user_connections = {ground.Needs.MaxConnections - 15}
        server_idle_timeout = 1
        ignore_startup_parameters = extra_float_digits,options,search_path
        log_connections = 0
        log_disconnections = 0

        """;
}
