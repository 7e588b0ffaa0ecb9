using Kataven.Accounts;
using Kataven.Grains.Connections;
using Kataven.Grains.Migrations;
using Npgsql;
using NpgsqlTypes;

namespace Kataven.Grains.Accounts;

/// <summary>An account's login role on the server, and the connections that are open with it.</summary>
internal sealed partial class AccountRole(SystemDatabase system, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Connections that PostgreSQL admits for the role: the largest number of lanes, and one while a broken lane is replaced.</summary>
    private const int ConnectionLimit = 50;

    /// <summary>Statements that take away what somebody gave the role beyond that, or gave of it to others.</summary>
    private const string Excess = """
        SELECT format('ALTER ROLE %I %s', r.rolname, concat_ws(' ',
                   CASE WHEN r.rolsuper THEN 'NOSUPERUSER' END, CASE WHEN r.rolcreatedb THEN 'NOCREATEDB' END,
                   CASE WHEN r.rolcreaterole THEN 'NOCREATEROLE' END, CASE WHEN r.rolreplication THEN 'NOREPLICATION' END,
                   CASE WHEN r.rolbypassrls THEN 'NOBYPASSRLS' END))
          FROM pg_roles r
         WHERE r.rolname = $1 AND (r.rolsuper OR r.rolcreatedb OR r.rolcreaterole OR r.rolreplication OR r.rolbypassrls)
        UNION ALL
        SELECT format('REVOKE %I FROM %I GRANTED BY %I CASCADE', g.rolname, m.rolname, coalesce(o.rolname, current_user))
          FROM pg_auth_members a
          JOIN pg_roles g ON g.oid = a.roleid
          JOIN pg_roles m ON m.oid = a.member
          LEFT JOIN pg_roles o ON o.oid = a.grantor
         WHERE m.rolname = $1 OR (g.rolname = $1 AND m.rolname <> current_user)
        """;

    /// <summary>Connections of the role <c>$1</c> to the database <c>$2</c>, but for those that a migration vouches for.</summary>
    private const string Lanes = $"""
        a.usename = $1 AND a.datname = $2
           AND NOT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity s ON s.pid = l.pid
                            WHERE l.locktype = 'advisory' AND l.classid = {MigrationHistory.ScriptsLock} AND l.objid = a.pid::oid AND l.objsubid = 2
                              AND l.granted AND s.usename = current_user)
        """;

    /// <summary>Whether the role <c>$1</c> has the owner's mark <c>$3</c> still. Read where processes are ended: a silo may freeze between the two.</summary>
    private const string HasMark = "EXISTS (SELECT FROM pg_roles r WHERE r.rolname = $1 AND r.rolvaliduntil = $3::timestamptz)";

    /// <summary>How long connections that were told to end may take.</summary>
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(10);

    /// <summary>How long it is until it is looked whether a process has ended, and how long at most between two looks.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(1);

    /// <summary>How long a new owner waits for processes of a former one that no signal reaches.</summary>
    private static readonly TimeSpan TakeOverWithin = TimeSpan.FromSeconds(5);

    /// <summary>How long the removal of a role may be held up by what others do.</summary>
    private static readonly TimeSpan DropWithin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan DropPause = TimeSpan.FromMilliseconds(50);

    private readonly SystemDatabase _maintenance = system.Maintenance();

    /// <summary>Makes the role, or puts its password back to what it should be.</summary>
    public async Task EnsureAsync(Credential credential, CancellationToken cancellation)
    {
        // A service that is no superuser may deny these attributes to a new role, and before PostgreSQL 16 may not name
        // them when it alters one. The role cannot give them to itself.
        var verb = await ExistsAsync(credential.Role, cancellation).ConfigureAwait(false)
            ? $"ALTER ROLE {Sql.Name(credential.Role)}"
            : $"{MakingOf(credential.Role)} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS";
        // What says who owns the account stays as it is.
        var until = await system.NamesAsync(
            "SELECT rolname::text FROM pg_roles WHERE rolname = $1 AND rolvaliduntil > now()", [credential.Role], cancellation).ConfigureAwait(false) is [_]
            ? "" : "VALID UNTIL 'infinity' ";
        await system.ExecuteAsync(
            $"{verb} LOGIN NOINHERIT CONNECTION LIMIT {ConnectionLimit} {until}PASSWORD {Sql.Literal(ScramVerifier.Of(credential.Password))}",
            cancellation).ConfigureAwait(false);
        foreach (var statement in await system.NamesAsync(Excess, [credential.Role], cancellation).ConfigureAwait(false))
        {
            await system.ExecuteAsync(statement, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Ends every connection of the role, whoever opened it, and returns when there is none.</summary>
    /// <exception cref="TimeoutException">Some are still there.</exception>
    public async Task EndConnectionsAsync(string role, CancellationToken cancellation)
    {
        var begin = time.GetTimestamp();
        while (await TerminateAsync(role, cancellation).ConfigureAwait(false) > 0)
        {
            if (time.GetElapsedTime(begin) > EndWithin)
            {
                throw new TimeoutException($"Connections of the account's role are still open after {EndWithin.TotalSeconds:0} s.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Removes the role, once the account's own database is gone. Another account may have granted something to it in its own
    /// database, which would keep the role alive; one that has such a grant under way is not waited for, but ended.
    /// </summary>
    public async Task DropAsync(string role, CancellationToken cancellation)
    {
        await system.EndStatementAsync(MakingOf(role), cancellation).ConfigureAwait(false);
        var begin = time.GetTimestamp();
        while (await ExistsAsync(role, cancellation).ConfigureAwait(false))
        {
            var databases = await DependentDatabasesAsync(role, cancellation).ConfigureAwait(false);
            try
            {
                await DropAsync(role, databases, cancellation).ConfigureAwait(false);
            }
            catch (NpgsqlException exception) when (IsInTheWay(exception) && time.GetElapsedTime(begin) < DropWithin)
            {
                await EndGrantersAsync(role, databases, cancellation).ConfigureAwait(false);
                await Task.Delay(DropPause, time, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task DropAsync(string role, List<string> databases, CancellationToken cancellation)
    {
        foreach (var database in databases)
        {
            await using var inside = await system.OpenInAsync(database, cancellation).ConfigureAwait(false);
            await ExecuteAsync(inside, $"DROP OWNED BY {Sql.Name(role)}", cancellation).ConfigureAwait(false);
        }

        await using var connection = await system.OpenOwnAsync(cancellation).ConfigureAwait(false);
        await ExecuteAsync(connection, $"DROP ROLE IF EXISTS {Sql.Name(role)}", cancellation).ConfigureAwait(false);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"SET lock_timeout = '1s'; {sql}", connection);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static string MakingOf(string role) => $"CREATE ROLE {Sql.Name(role)}";

    private static bool IsInTheWay(NpgsqlException exception) => exception is PostgresException refused
        ? CatalogRace.Is(refused) || refused.SqlState is PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.DependentObjectsStillExist or PostgresErrorCodes.InvalidCatalogName
        : exception.InnerException is TimeoutException;

    /// <summary>
    /// Whoever grants something to a role for the first time holds a lock on it. Who grants more holds none, but has a
    /// transaction that writes in a database where the role was granted something.
    /// </summary>
    private async Task EndGrantersAsync(string role, List<string> databases, CancellationToken cancellation)
    {
        var granters = new List<(string Role, int ProcessId)>();
        await using (var command = system.Command($"""
            SELECT DISTINCT a.usename::text, a.pid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
             WHERE l.granted AND (a.usename ~ '{RoleName.Pattern}' OR a.usename IN (SELECT role_name FROM public.accounts))
               AND (l.locktype = 'transactionid' AND a.datname = ANY ($2)
                    OR l.locktype = 'object' AND l.classid = 'pg_authid'::regclass AND l.objid = (SELECT oid FROM pg_roles WHERE rolname = $1))
            """))
        {
            command.Parameters.Add(new() { Value = role });
            command.Parameters.Add(new() { Value = databases.ToArray() });
            await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                granters.Add((reader.GetString(0), reader.GetInt32(1)));
            }
        }

        foreach (var (granter, processId) in granters)
        {
            // Told once, and not waited for: it is looked again.
            await TellToEndAsync(granter, processId, TimeSpan.Zero, cancellation).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => _maintenance.DisposeAsync();

    /// <summary>While the system database is away the server may be there all the same, and roles and processes are the server's.</summary>
    private async Task<T> AnywhereAsync<T>(Func<SystemDatabase, Task<T>> run)
    {
        try
        {
            return await run(system).ConfigureAwait(false);
        }
        catch (NpgsqlException exception) when (!Databases.IsServerAway(exception))
        {
            return await run(_maintenance).ConfigureAwait(false);
        }
    }

    private Task<List<string>> DependentDatabasesAsync(string role, CancellationToken cancellation) => system.NamesAsync(
        """
        SELECT DISTINCT d.datname::text FROM pg_shdepend s JOIN pg_database d ON d.oid = s.dbid JOIN pg_roles r ON r.oid = s.refobjid
         WHERE s.refclassid = 'pg_authid'::regclass AND r.rolname = $1
        """,
        [role],
        cancellation);

    private async Task<bool> ExistsAsync(string role, CancellationToken cancellation) =>
        await system.NamesAsync("SELECT rolname::text FROM pg_roles WHERE rolname = $1", [role], cancellation).ConfigureAwait(false) is [_];
}
