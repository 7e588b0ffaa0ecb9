using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Kataven.Grains.Backups;

/// <summary>Restores an archive into a database that is closed already, on a connection that logged in as the account's own role.</summary>
internal static partial class PgRestore
{
    /// <summary>
    /// One process of PostgreSQL, so that accounts keep the others' cores; and its commits wait for no disk, since the database is nobody's
    /// until the swap, whose own commit waits for them all.
    /// </summary>
    private const string Options = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c client_connection_check_interval=2s "
        + "-c max_parallel_maintenance_workers=0 -c max_parallel_workers_per_gather=0 -c synchronous_commit=off";

    /// <summary>
    /// With policies in force, as they are for the account: else a materialized view over a table that they are forced on cannot be filled.
    /// Rows are there before any policy is.
    /// </summary>
    private static readonly string[] Arguments =
    [
        "--format=custom", "--no-password", "--no-owner", "--no-tablespaces", "--no-publications", "--no-subscriptions", "--no-security-labels",
        "--enable-row-security",
    ];

    /// <param name="tools">The programs.</param>
    /// <param name="content">What was read of the same backup, and compared.</param>
    /// <param name="backup">The backup once more: it is compared again while it is read.</param>
    /// <param name="login">The account's role, in the database to fill.</param>
    /// <param name="sameRole">Whether it is the role whose database was dumped: rights name roles.</param>
    /// <param name="pace">How fast it gets the backup.</param>
    /// <param name="progress">Gets the bytes so far.</param>
    /// <param name="cancellation">Kills the program.</param>
    /// <exception cref="BackupCorruptException">It is not what was written.</exception>
    /// <exception cref="PgToolException">Something of it could not be restored.</exception>
    public static async Task<RestoreOutcome> RunAsync(
        PgToolset tools, ArchiveContent content, Stream backup, NpgsqlConnectionStringBuilder login, bool sameRole, Pace pace, IProgress<long>? progress,
        CancellationToken cancellation)
    {
        var environment = PgEnvironment.Of(login, Options);
        var (main, mainCount) = content.List(ArchivePart.Main, sameRole);
        var (last, lastCount) = content.List(ArchivePart.Last, sameRole);
        await using (var process = PgProcess.Start(tools.Restore, [.. Arguments, "--exit-on-error", $"--use-list={main}", Database(login)], environment))
        {
            await Pump.FeedAsync(backup, process, null, pace, progress, cancellation).ConfigureAwait(false);
            await process.SucceedAsync(cancellation).ConfigureAwait(false);
        }

        var (skipped, because) = lastCount == 0 ? (0, null)
            : await FinishAsync(tools, [.. Arguments, $"--use-list={last}", Database(login), content.Head], environment, cancellation).ConfigureAwait(false);
        return new RestoreOutcome(mainCount + lastCount, content.Entries.Count - mainCount - lastCount, skipped, because);
    }

    /// <summary>None of it has data of its own in the archive, so the beginning of it is enough.</summary>
    private static async Task<(int Skipped, string? Because)> FinishAsync(
        PgToolset tools, string[] arguments, Dictionary<string, string> environment, CancellationToken cancellation)
    {
        await using var process = PgProcess.Start(tools.Restore, arguments, environment);
        process.CloseInput();
        var (exitCode, error) = await process.WaitAsync(cancellation).ConfigureAwait(false);
        var failure = PgToolException.Failed("pg_restore", exitCode, error);
        return exitCode == 0 ? (0, null)
            : Ignored().Match(error) is { Success: true } ignored ? (int.Parse(ignored.Groups[1].ValueSpan, CultureInfo.InvariantCulture), failure.Message)
            : throw failure;
    }

    /// <summary>Quoted, so that a name cannot be read as settings of the connection.</summary>
    private static string Database(NpgsqlConnectionStringBuilder login) =>
        $"--dbname=dbname='{login.Database!.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^pg_restore: warning: errors ignored on restore: (\d+)\s*\z", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Ignored();
}
