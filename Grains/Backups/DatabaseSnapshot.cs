using System.Collections.Immutable;
using Kataven.Grains.Accounts;
using Npgsql;

namespace Kataven.Grains.Backups;

/// <summary>
/// One state of a database that is held still while it is dumped, and counted. Its tables are locked as a dump locks them, before the dump
/// does: so none can be emptied or removed between the two, where each would see another.
/// </summary>
internal sealed class DatabaseSnapshot : IAsyncDisposable
{
    /// <summary>Nothing of the account's is found by a bare name, nor ends the wait for the dump.</summary>
    private const string Options = "-c search_path=pg_catalog,pg_temp -c default_transaction_read_only=on -c statement_timeout=0 "
        + "-c idle_in_transaction_session_timeout=0 -c client_connection_check_interval=2s -c row_security=off "
        // Accounts keep the other cores.
        + "-c max_parallel_workers_per_gather=0";

    /// <summary>
    /// Tables alone: of a partitioned one its leaves. To count a view, or a foreign table, would run somebody's code. What belongs to an
    /// extension is made by it.
    /// </summary>
    private const string TablesOf = """
        SELECT n.nspname::text, c.relname::text, c.oid::bigint
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', '_kataven')
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
         ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
        """;

    /// <summary>A table that is removed after it was listed: it is listed again.</summary>
    private const int Tries = 5;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlConnectionStringBuilder _settings;
    private List<(string Schema, string Table, long Oid)> _tables = [];

    private DatabaseSnapshot(NpgsqlConnection connection, NpgsqlConnectionStringBuilder settings) => (_connection, _settings) = (connection, settings);

    /// <summary>What another session joins it by, for as long as this is open.</summary>
    public string Id { get; private set; } = "";

    public static async Task<DatabaseSnapshot> OpenAsync(BackupLogin login, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(login.Settings.ConnectionString)
        {
            Options = $"{login.Settings.Options} {Options}",
            Pooling = false,
            ApplicationName = "kataven-backup",
            CommandTimeout = 0,
        };
        var snapshot = new DatabaseSnapshot(await SystemDatabase.OpenAloneAsync(settings, cancellation).ConfigureAwait(false), settings);
        try
        {
            for (var left = Tries; !await snapshot.TryBeginAsync(left > 1, cancellation).ConfigureAwait(false); left--)
            {
                await snapshot.ExecuteAsync("ROLLBACK", cancellation).ConfigureAwait(false);
            }

            return snapshot;
        }
        catch
        {
            await snapshot.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Counts all rows. It calls no code of the account's: policies are passed by, and views are not asked.</summary>
    public async Task<BackupManifest> CountAsync(long databaseBytes, CancellationToken cancellation)
    {
        var tables = ImmutableArray.CreateBuilder<TableRows>(_tables.Count);
        foreach (var (schema, table, _) in _tables)
        {
            tables.Add(new TableRows(schema, table, await CountAsync($"ONLY {Sql.Name(schema)}.{Sql.Name(table)}", cancellation).ConfigureAwait(false)));
        }

        return new BackupManifest(tables.MoveToImmutable(), await CountAsync("pg_catalog.pg_largeobject_metadata", cancellation).ConfigureAwait(false), databaseBytes);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<bool> TryBeginAsync(bool mayTryAgain, CancellationToken cancellation)
    {
        try
        {
            await ExecuteAsync($"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL lock_timeout = {PgDump.LockWaitMilliseconds}", cancellation).ConfigureAwait(false);
            await using (var export = new NpgsqlCommand("SELECT pg_catalog.pg_export_snapshot()", _connection))
            {
                Id = (string)(await export.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
            }

            _tables = await ListAsync(cancellation).ConfigureAwait(false);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(PgDump.LockWaitMilliseconds);
            try
            {
                foreach (var (schema, table, _) in _tables)
                {
                    await ExecuteAsync($"LOCK TABLE ONLY {Sql.Name(schema)}.{Sql.Name(table)} IN ACCESS SHARE MODE", limit.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new PgToolException($"The account's tables could not all be locked within {PgDump.LockWaitMilliseconds / 1_000} s: somebody holds them.");
            }

            return await AreTablesAsync(cancellation).ConfigureAwait(false) || (mayTryAgain ? false : throw new PgToolException("The account's tables change too fast to be dumped."));
        }
        catch (PostgresException exception) when (mayTryAgain && exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether what was locked by its name is what was listed, and a table still: a view that has come into its place would run its
    /// owner's code when it is counted. Asked by another session, since this one sees its snapshot; the locks keep it so.
    /// </summary>
    private async Task<bool> AreTablesAsync(CancellationToken cancellation)
    {
        await using var other = await SystemDatabase.OpenAloneAsync(_settings, cancellation).ConfigureAwait(false);
        await using var command = new NpgsqlCommand(
            """
            SELECT count(*) FROM unnest($1, $2, $3) l (schema_name, table_name, id)
              JOIN pg_class c ON c.oid = l.id::oid AND c.relname = l.table_name AND c.relkind = 'r'
              JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = l.schema_name
            """,
            other);
        command.Parameters.Add(new() { Value = _tables.Select(table => table.Schema).ToArray() });
        command.Parameters.Add(new() { Value = _tables.Select(table => table.Table).ToArray() });
        command.Parameters.Add(new() { Value = _tables.Select(table => table.Oid).ToArray() });
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))! == _tables.Count;
    }

    private async Task<List<(string Schema, string Table, long Oid)>> ListAsync(CancellationToken cancellation)
    {
        var tables = new List<(string, string, long)>();
        await using var command = new NpgsqlCommand(TablesOf, _connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            tables.Add((reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        }

        return tables;
    }

    private async Task<long> CountAsync(string what, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_catalog.count(*) FROM {what}", _connection);
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
