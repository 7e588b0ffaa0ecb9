namespace Kataven.Grains.Isolation;

/// <summary>A setting that only whoever runs the server can make, and what an account can do without it.</summary>
/// <param name="Name">PostgreSQL's name for it.</param>
/// <param name="Recommended">As the start of the private server, and of the one in <c>docker-compose.yml</c>, has it.</param>
/// <param name="IsGood">Judges the value, in the unit of <c>pg_settings</c>.</param>
/// <param name="Opens">What an account can do where it is otherwise.</param>
/// <param name="FromMajor">The first major version that has it.</param>
internal sealed record ServerSetting(string Name, string Recommended, Func<string, bool> IsGood, string Opens, int FromMajor = 14)
{
    public static IReadOnlyList<ServerSetting> All { get; } =
    [
        Is("max_prepared_transactions", "0", "PREPARE TRANSACTION holds back the clean-up of every database for ever, and keeps a database from being dropped"),
        AtMost("max_worker_processes", 2, "parallel workers of one account use up those of all"),
        Is("max_logical_replication_workers", "0", "workers for replication can be started"),
        new("wal_level", "replica", value => value is "replica" or "minimal", "logical decoding can be asked for"),
        new("max_locks_per_transaction", "2048", value => Number(value) >= 1024, "one statement that locks many objects fills the lock table, and everybody's statements fail"),
        Is("jit", "off", "statements are compiled at the cost of the shared processors"),
        Is("jit_provider", "disabled_no_such_library", "jit can be switched on by an account: SET jit = on"),
        new("temp_file_limit", "1GB", value => Number(value) is > 0 and <= 4 * 1024 * 1024, "a statement that spills fills the disk"),
        Is("password_encryption", "scram-sha-256", "a password that an account sets is stored as MD5"),
        new("client_connection_check_interval", "10s", value => Number(value) > 0, "a statement whose service has died runs to its end"),
        Is("log_parameter_max_length_on_error", "0", "parameters of failing statements stand in the server's log"),
        Is("cluster_name", "", "the server's name is told to every account"),
        new("idle_in_transaction_session_timeout", "60s", value => Number(value) is > 0 and <= 600_000, "a transaction that is left open outlives its service"),
        new("max_notify_queue_pages", "65536", value => Number(value) is > 0 and <= 65_536, "NOTIFY without end fills eight gigabytes of disk", 17),
    ];

    private static ServerSetting Is(string name, string value, string opens) => new(name, value, found => found == value, opens);

    private static ServerSetting AtMost(string name, int value, string opens) =>
        new(name, value.ToString(System.Globalization.CultureInfo.InvariantCulture), found => Number(found) <= value, opens);

    private static long Number(string value) => long.TryParse(value, out var number) ? number : -1;
}
