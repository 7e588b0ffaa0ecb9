using Kataven.Accounts;
using Kataven.Cluster;
using Npgsql;

namespace Kataven.Grains.Accounts;

/// <summary>
/// The service's own connections: to the system database (pooled, few), and, for what only a stronger role may do,
/// to one account's database (one at a time, closed after use).
/// </summary>
internal sealed class SystemDatabase : IAsyncDisposable
{
    /// <summary>How long a statement on a role or a database may take, in seconds: less than the call that runs it.</summary>
    public const int StatementSeconds = 100;

    /// <summary>How long a statement that is told to end may take.</summary>
    private const int EndMilliseconds = 10_000;

    /// <summary>Texts that a connection of the pool keeps prepared: an operation takes some 20 statements, which take longer to plan than to run.</summary>
    private const int PreparedTexts = 64;

    /// <summary>How long a connection outside the pool waits for a place on the server, and how long until the next try.</summary>
    private static readonly TimeSpan PlaceWithin = TimeSpan.FromSeconds(30);

    /// <summary>It becomes twice as long each time: PostgreSQL starts a process to say that there is no place.</summary>
    private static readonly TimeSpan PlacePause = TimeSpan.FromMilliseconds(50), LongestPlacePause = TimeSpan.FromSeconds(1);

    /// <summary>Whether the service may end the process <c>a</c> of <c>pg_stat_activity</c>, which is not the one that asks.</summary>
    public const string MayEnd = """
        a.pid <> pg_backend_pid() AND EXISTS (
            SELECT FROM pg_roles r, pg_roles me
             WHERE r.oid = a.usesysid AND me.rolname = current_user AND (me.rolsuper OR (NOT r.rolsuper AND pg_has_role(r.oid, 'USAGE'))))
        """;

    private readonly string _connectionString;
    private string? _silence;

    /// <summary>Where the server has it and the role may set it: no event trigger fires in the session, not even at its start.</summary>
    private const string Silence = """
        SELECT CASE WHEN r.rolsuper AND current_setting('server_version_num')::int >= 170000 THEN ' -c event_triggers=off' ELSE '' END
          FROM pg_roles r WHERE r.rolname = current_user
        """;

    /// <param name="connectionString"><c>ConnectionStrings:System</c>.</param>
    /// <param name="databaseName">The system database's name.</param>
    /// <param name="poolSize">Connections of the pool.</param>
    public SystemDatabase(string connectionString, string databaseName, int poolSize = 3)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Database = databaseName,
            ApplicationName = "kataven-system",
            // Whatever the connection string says: to make an account takes some 40 statements, and a process each otherwise.
            Pooling = true,
            MaxPoolSize = poolSize,
            // Nothing of a session's is ever changed on one of the pool: what sets, locks or listens has a connection of its own.
            NoResetOnClose = true,
            Timeout = 5,
            CommandTimeout = 30,
            // A prepended catalog cannot be shadowed by objects that somebody else put into a schema of the path. The others
            // stand against what a database that was somebody's before may have set for all who enter it.
            Options = "-c search_path=pg_catalog,pg_temp -c role=none -c standard_conforming_strings=on -c default_transaction_read_only=off " +
                "-c statement_timeout=0 -c lock_timeout=0 -c default_tablespace= -c default_table_access_method=heap",
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        _connectionString = settings.WithKeepAlive().ConnectionString;
        var builder = BuilderFor(_connectionString);
        builder.Name = "kataven-system";
        builder.ConnectionStringBuilder.MaxAutoPrepare = PreparedTexts;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        DataSource = builder.Build();
        Name = databaseName;
    }

    public NpgsqlDataSource DataSource { get; }

    public string Name { get; }

    public string Host => new NpgsqlConnectionStringBuilder(_connectionString).Host ?? "127.0.0.1";

    /// <summary>The same database through connections of its own, for what must not wait for others.</summary>
    public SystemDatabase WithPoolOf(int size) => new(_connectionString, Name, size);

    /// <summary>
    /// The database that every server has, through one connection: what is about roles and processes, which are the whole server's, can be
    /// said there too.
    /// </summary>
    public SystemDatabase Maintenance() => new(_connectionString, "postgres", 1);

    public NpgsqlCommand Command(string sql) => DataSource.CreateCommand(sql);

    /// <summary>Runs one statement, for as long as others change the same rows again and again.</summary>
    public Task ExecuteAsync(string sql, CancellationToken cancellation) => CatalogRace.OutlastAsync(
        async () =>
        {
            await using var command = Command(sql);
            command.CommandTimeout = StatementSeconds;
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);

    /// <summary>
    /// Making, renaming and removing a database may wait until every backend of the server has noticed, and one that searches
    /// a very long text notices nothing until it has ended: not on a connection of the pool, which all else needs meanwhile.
    /// </summary>
    /// <param name="sql">One statement.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="seconds">How long it may take; 0 for as long as it does.</param>
    public async Task ExecuteApartAsync(string sql, CancellationToken cancellation, int seconds = StatementSeconds)
    {
        await using var connection = await OpenOwnAsync(cancellation).ConfigureAwait(false);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = seconds };
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends what is connected to a database, as far as the service may: its own, and on a server of its own everybody's.</summary>
    public async Task EndConnectionsAsync(string database, CancellationToken cancellation)
    {
        await using var command = Command($"SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity a WHERE a.datname = $1 AND {MayEnd}");
        command.Parameters.Add(new() { Value = database });
        await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Ends a statement that a silo which is gone has left to the server: nobody sees what it makes, and so can remove it, before it has
    /// ended. Returns when nothing can come of it any more.
    /// </summary>
    /// <param name="beginning">How it begins, as far as the name that it makes.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public async Task EndStatementAsync(string beginning, CancellationToken cancellation)
    {
        await using var command = Command($"""
            SELECT coalesce(bool_and(pg_terminate_backend(a.pid, {EndMilliseconds})), true) FROM pg_stat_activity a
             WHERE a.state = 'active' AND starts_with(a.query, $1) AND {MayEnd}
            """);
        command.Parameters.Add(new() { Value = beginning });
        if (await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is not true)
        {
            throw new TimeoutException($"A statement that was left to the server has not ended within {EndMilliseconds} ms of being told to.");
        }
    }

    /// <summary>Bytes that a database takes on the server.</summary>
    public async Task<long> SizeOfAsync(string database, CancellationToken cancellation)
    {
        await using var command = Command("SELECT pg_database_size($1::name)");
        command.Parameters.Add(new() { Value = database });
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>The first column of what a query finds.</summary>
    public async Task<List<string>> NamesAsync(string sql, string[] parameters, CancellationToken cancellation)
    {
        await using var command = Command(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    /// <summary>
    /// A connection outside the pool, for what may wait long for others: a statement on a whole database waits until every
    /// backend of the server has taken note, and a few of them would leave the pool to nobody else.
    /// </summary>
    public Task<NpgsqlConnection> OpenOwnAsync(CancellationToken cancellation) => OpenAsync(Name, "", cancellation);

    /// <summary>
    /// The service's own role in an account's database. Only catalog statements that call no code of the account's
    /// may run there: operators, casts and functions are looked up in <c>pg_catalog</c> alone.
    /// </summary>
    public Task<NpgsqlConnection> OpenInAsync(AccountId account, CancellationToken cancellation) =>
        OpenInAsync(account.Value, cancellation);

    /// <inheritdoc cref="OpenInAsync(AccountId, CancellationToken)"/>
    public async Task<NpgsqlConnection> OpenInAsync(string database, CancellationToken cancellation)
    {
        _silence ??= (await NamesAsync(Silence, [], cancellation).ConfigureAwait(false))[0];
        return await OpenAsync(database, _silence, cancellation).ConfigureAwait(false);
    }

    /// <summary>The connection string of an account's role.</summary>
    public NpgsqlConnectionStringBuilder ForRole(string database, string role, string password) => new(_connectionString)
    {
        Database = database,
        Username = role,
        Password = password,
        Pooling = false,
        Passfile = null,
        Options = null,
    };

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();

    private static NpgsqlSlimDataSourceBuilder BuilderFor(string connectionString)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(connectionString);
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return builder;
    }

    private async Task<NpgsqlConnection> OpenAsync(string database, string options, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(_connectionString) { Database = database, Pooling = false };
        settings.Options += options;
        return await OpenAloneAsync(settings, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Opens one connection that nothing remembers. It knows the types that every server has and asks for no others, which in a database
    /// that nobody has been in for a while takes PostgreSQL more than all that the connection is opened for.
    /// </summary>
    public static async Task<NpgsqlConnection> OpenAloneAsync(NpgsqlConnectionStringBuilder settings, CancellationToken cancellation)
    {
        // The connection outlives it: nothing of it is needed once that is open.
        await using var source = BuilderFor(settings.ConnectionString).Build();
        var begun = TimeProvider.System.GetTimestamp();
        for (var pause = PlacePause; ; pause = pause * 2 < LongestPlacePause ? pause * 2 : LongestPlacePause)
        {
            try
            {
                return await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.TooManyConnections && TimeProvider.System.GetElapsedTime(begun) < PlaceWithin)
            {
                // Several operations at once are more than the reserve holds: one of them ends.
                await Task.Delay(pause, cancellation).ConfigureAwait(false);
            }
        }
    }
}
