using Kataven.Accounts;
using Kataven.Grains.Cluster;
using Kataven.Grains.Connections;
using Npgsql;

namespace Kataven.Grains.Accounts;

// The connections of the role: who may have some, and how they end.
internal sealed partial class AccountRole
{
    /// <summary>What the transaction that marks a role fails with where the silo is no member any more.</summary>
    private const string NoMember = "KM001";

    /// <summary>
    /// Makes an activation the owner of an account: marks the role, and then ends every connection of it to the account's database. Whoever
    /// comes later reads the mark; whoever came before is ended. A migration that the service runs beside the account's requests goes on.
    /// </summary>
    /// <returns>Connections that did not end in time, because no signal reaches what they do: they take no further statement.</returns>
    /// <exception cref="SiloUnavailableException">The silo was declared dead: the account may be another's by now, who keeps its connections.</exception>
    public async Task<long> TakeOverAsync(string role, AccountId account, OwnerMark mark, SiloPulse pulse, CancellationToken cancellation)
    {
        await MarkAsync(role, account, mark, pulse, cancellation).ConfigureAwait(false);
#if KATAVEN_MUTATIONS
        if (Mutations.SkipsFencing)
        {
            return 0;
        }
#endif
        return await EndFormerOwnersAsync(role, account, mark, cancellation).ConfigureAwait(false);
    }

    /// <summary>The first half of a takeover. A silo that froze, and whose accounts are others' by now, leaves no mark.</summary>
    /// <exception cref="SiloUnavailableException">The silo was declared dead.</exception>
    public async Task MarkAsync(string role, AccountId account, OwnerMark mark, SiloPulse pulse, CancellationToken cancellation)
    {
        var begin = time.GetTimestamp();
        while (!await TryMarkAsync(role, mark, pulse, cancellation).ConfigureAwait(false))
        {
            // A former owner's connection has changed the role, and not come to the end of its transaction.
            if (time.GetElapsedTime(begin) > TakeOverWithin)
            {
                throw new TimeoutException($"The account's role could not be marked within {TakeOverWithin.TotalSeconds:0} s: a transaction has changed it and does not end.");
            }

            await AsMemberAsync(
                pulse,
                (database, isMember) => TerminateLanesAsync(database, role, isMember, cancellation, new NpgsqlParameter { Value = account.Value }),
                cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The second half: nothing is ended any more once somebody else has marked the role.</summary>
    /// <returns>Connections that did not end in time.</returns>
    public async Task<long> EndFormerOwnersAsync(string role, AccountId account, OwnerMark mark, CancellationToken cancellation)
    {
        var begin = time.GetTimestamp();
        var pause = FirstLook;
        long left;
        while ((left = await CountLanesAsync(role, account, mark, cancellation).ConfigureAwait(false)) > 0 && time.GetElapsedTime(begin) < TakeOverWithin)
        {
            await AnywhereAsync(database => TerminateLanesAsync(database, role, HasMark, cancellation, new() { Value = account.Value }, new() { Value = mark.Text }))
                .ConfigureAwait(false);
            await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LastLook.Ticks));
        }

        return left;
    }

    /// <summary>
    /// Ends one connection of the role, and returns when its process is gone, however long that takes: some work no signal reaches.
    /// The process id may be another's by now, which began later.
    /// </summary>
    /// <param name="role">The role.</param>
    /// <param name="processId">Its process.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="atLeast">How long ago it was there.</param>
    public async Task TerminateAsync(string role, int processId, CancellationToken cancellation, TimeSpan atLeast = default)
    {
        var begin = time.GetTimestamp();
        var pause = FirstLook;
        while (await TellToEndAsync(role, processId, atLeast + time.GetElapsedTime(begin), cancellation).ConfigureAwait(false))
        {
            await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LastLook.Ticks));
        }
    }

    /// <summary>Tells one connection of the role to end, and waits for nothing.</summary>
    /// <param name="role">The role.</param>
    /// <param name="processId">Its process, which the server may have given to another connection since.</param>
    /// <param name="atLeast">How long ago it was there: one that began later is another.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether it was there.</returns>
    public async Task<bool> TellToEndAsync(string role, int processId, TimeSpan atLeast, CancellationToken cancellation) => await TerminateAsync(
        role,
        """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
         WHERE usename = $1 AND pid = $2
           -- A role that is no superuser does not see when another's began.
           AND (backend_start IS NULL OR clock_timestamp() - backend_start >= make_interval(secs => $3))
        """,
        cancellation,
        new NpgsqlParameter<int> { TypedValue = processId },
        new NpgsqlParameter<double> { TypedValue = atLeast.TotalSeconds }).ConfigureAwait(false) > 0;

    /// <summary>How many connections of the role there were.</summary>
    private Task<long> TerminateAsync(string role, CancellationToken cancellation) =>
        TerminateAsync(role, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = $1", cancellation);

    /// <summary>False where somebody else's transaction has changed the role and is still open.</summary>
    private Task<bool> TryMarkAsync(string role, OwnerMark mark, SiloPulse pulse, CancellationToken cancellation) => AsMemberAsync(
        pulse,
        async (database, isMember) =>
        {
            try
            {
                // One transaction, and it looks when it has the role's row: whoever the account is given to after that look marks the role later.
                await database.ExecuteAsync(
                    $"""
                    SET LOCAL lock_timeout = '250ms';
                    ALTER ROLE {Sql.Name(role)} VALID UNTIL {Sql.Literal(mark.Text)};
                    DO $member$ BEGIN
                        IF NOT {isMember} THEN RAISE EXCEPTION 'the silo was declared dead' USING ERRCODE = '{NoMember}'; END IF;
                    END $member$
                    """,
                    cancellation).ConfigureAwait(false);
                return true;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                return false;
            }
            catch (PostgresException exception) when (exception.SqlState == NoMember)
            {
                throw SiloPulse.DeclaredDead();
            }
        },
        cancellation);

    /// <summary>
    /// Runs what only a member of the cluster may do, with the condition that says so in SQL. Where the system database is away there is no table
    /// to look at in a statement: it is asked before, and once more afterwards, since the silo may have stood still in between.
    /// </summary>
    private Task<T> AsMemberAsync<T>(SiloPulse pulse, Func<SystemDatabase, string, Task<T>> run, CancellationToken cancellation) => AnywhereAsync(async database =>
    {
        if (database == system && pulse.IsMemberSql is { } isMember)
        {
            return await run(database, isMember).ConfigureAwait(false);
        }

        await pulse.WhenJustFeltAsync(cancellation).ConfigureAwait(false);
        var done = await run(database, "true").ConfigureAwait(false);
        await pulse.WhenStillFeltAsync(cancellation).ConfigureAwait(false);
        return done;
    });

    private Task<long> CountLanesAsync(string role, AccountId account, OwnerMark mark, CancellationToken cancellation) => AnywhereAsync(async database =>
    {
        // To list the processes takes the longer the more there are on the server, and mostly there is none here.
        await using var command = database.Command($"""
            SELECT coalesce(sum(CASE WHEN pg_stat_get_db_numbackends(d.oid) = 0 THEN 0 ELSE (SELECT count(*) FROM pg_stat_activity a WHERE {Lanes}) END), 0)::bigint
              FROM pg_database d WHERE d.datname = $2 AND {HasMark}
            """);
        command.Parameters.Add(new() { Value = role });
        command.Parameters.Add(new() { Value = account.Value });
        command.Parameters.Add(new() { Value = mark.Text });
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    });

    private static Task<long> TerminateLanesAsync(
        SystemDatabase database, string role, string condition, CancellationToken cancellation, params NpgsqlParameter[] which) => TerminateAsync(
        database, role, $"SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity a WHERE {Lanes} AND {condition}", cancellation, which);

    /// <summary>
    /// A service that is no superuser ends the connections of roles that it is a member of: it is one for as long as that
    /// takes, in a transaction that is rolled back.
    /// </summary>
    private static async Task<long> TerminateAsync(
        SystemDatabase database, string role, string sql, CancellationToken cancellation, params NpgsqlParameter[] which)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        if (await NeedsToJoinAsync(connection, role, cancellation).ConfigureAwait(false))
        {
            await using var join = new NpgsqlCommand($"GRANT {Sql.Name(role)} TO CURRENT_USER", connection, transaction);
            await join.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        await using var command = new NpgsqlCommand(sql, connection, transaction);
        command.Parameters.Add(new() { Value = role });
        // It may be run once more elsewhere, and a parameter belongs to one command.
        command.Parameters.AddRange(Array.ConvertAll(which, parameter => parameter.Clone()));
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    private Task<long> TerminateAsync(string role, string sql, CancellationToken cancellation, params NpgsqlParameter[] which) =>
        AnywhereAsync(database => TerminateAsync(database, role, sql, cancellation, which));

    private static async Task<bool> NeedsToJoinAsync(NpgsqlConnection connection, string role, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "SELECT NOT me.rolsuper AND EXISTS (SELECT FROM pg_roles r WHERE r.rolname = $1) FROM pg_roles me WHERE me.rolname = current_user", connection);
        command.Parameters.Add(new() { Value = role });
        return (bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }
}
