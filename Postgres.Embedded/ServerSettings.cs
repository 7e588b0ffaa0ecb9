using System.Globalization;

namespace Kataven.Postgres.Embedded;

/// <summary>
/// What the server is started with. On the command line, since that wins over postgresql.conf and ALTER SYSTEM:
/// what another program left in the data folder cannot take a protection away.
/// </summary>
internal static class ServerSettings
{
    /// <summary>Ways in which one tenant could starve or watch the others, closed server-wide.</summary>
    public static IReadOnlyDictionary<string, string> Hardened(int major)
    {
        var settings = new Dictionary<string, string>
        {
            ["max_prepared_transactions"] = "0",
            ["max_worker_processes"] = "2",
            ["max_logical_replication_workers"] = "0",
            ["wal_level"] = "replica",
            ["max_replication_slots"] = "0",
            ["max_wal_senders"] = "0",
            ["max_locks_per_transaction"] = "2048",
            ["jit"] = "off",
            ["jit_provider"] = "disabled_no_such_library",
            ["temp_file_limit"] = "1GB",
            ["max_stack_depth"] = "2MB",
            ["password_encryption"] = "scram-sha-256",
            ["client_connection_check_interval"] = "10s",
            ["log_parameter_max_length_on_error"] = "0",
            ["cluster_name"] = "",
            ["archive_mode"] = "off",
            ["idle_in_transaction_session_timeout"] = "60s",
        };
        if (major >= 17)
        {
            settings["max_notify_queue_pages"] = "65536";
        }

        return settings;
    }

    /// <summary>All of them; later groups win over earlier ones.</summary>
    public static IReadOnlyDictionary<string, string> All(EmbeddedPostgresOptions options, int major, int port, string socketDirectory)
    {
        var settings = new Dictionary<string, string>(Hardened(major))
        {
            ["max_connections"] = options.MaxConnections.ToString(CultureInfo.InvariantCulture),
        };
        if (options.FastUnsafe)
        {
            settings["fsync"] = settings["synchronous_commit"] = settings["full_page_writes"] = "off";
        }

        foreach (var (name, value) in options.Settings)
        {
            settings[name] = value;
        }

        settings["listen_addresses"] = EmbeddedPostgres.LoopbackAddress;
        settings["port"] = port.ToString(CultureInfo.InvariantCulture);
        settings["unix_socket_directories"] = socketDirectory;
        settings["unix_socket_permissions"] = "0700";
        settings["logging_collector"] = "off";
        return settings;
    }
}
