using Npgsql;

namespace Kataven.Grains.Backups;

/// <summary>One database, as <c>pg_dump</c> writes it in its custom format.</summary>
internal static class PgDump
{
    /// <summary>A statement of the account's that holds a table longer makes the backup fail, not wait.</summary>
    public const int LockWaitMilliseconds = 120_000;

    /// <summary>A backend whose client is gone ends soon. The others stand against what the role or the server is set to.</summary>
    private const string Options = "-c search_path=pg_catalog -c default_transaction_read_only=on -c statement_timeout=0 "
        + "-c idle_in_transaction_session_timeout=0 -c client_connection_check_interval=2s -c max_parallel_workers_per_gather=0";

    /// <param name="tools">The programs.</param>
    /// <param name="login">Who dumps which database.</param>
    /// <param name="snapshot">An exported snapshot that is held open meanwhile.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="pace">How fast.</param>
    /// <param name="target">Gets the archive. It is whole when this returns.</param>
    /// <param name="progress">Gets the bytes so far.</param>
    /// <param name="cancellation">Kills the program.</param>
    /// <exception cref="PgToolException">The program failed.</exception>
    public static async Task RunAsync(
        PgToolset tools, NpgsqlConnectionStringBuilder login, string snapshot, DumpPurpose purpose, Pace pace, Stream target, IProgress<long>? progress,
        CancellationToken cancellation)
    {
        // The service's own schema is written anew by a restore, and what reaches beyond the database is not the account's.
        string[] arguments =
        [
            .. purpose == DumpPurpose.Clone ? (string[])["--compress=1"] : [],
            "--format=custom", "--no-password", "--exclude-schema=_kataven", "--no-publications", "--no-subscriptions", "--no-security-labels",
            "--no-tablespaces", $"--lock-wait-timeout={LockWaitMilliseconds}", $"--snapshot={snapshot}",
        ];
        await using var process = PgProcess.Start(tools.Dump, arguments, PgEnvironment.Of(login, Options));
        process.CloseInput();
        await Pump.CopyAsync(process.Output, target, pace, progress, cancellation).ConfigureAwait(false);
        await process.SucceedAsync(cancellation).ConfigureAwait(false);
    }
}
