using Kataven.Grains.Accounts;
using Kataven.Grains.Isolation;
using Npgsql;

namespace Kataven.Grains.Migrations;

/// <summary>
/// What a freshly made account's schema is after some scripts: they run in a database that is made for it, which nobody else may
/// enter, and dropped at once. The scripts are the operator's own, so there the service's role may run them.
/// </summary>
internal sealed class MigratedTemplate(SystemDatabase system, TemplateDatabase template) : IDisposable
{
    public const string Prefix = "_kataven_migrated_";

    /// <summary>Schemas that are remembered: accounts of one fleet stand at few versions.</summary>
    private const int MostRemembered = 8;

    /// <summary>Who makes or removes one has this lock of the system database. Any number that nobody else locks by.</summary>
    public const long Lock = 0x6b617461_6d746d31;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<string, IReadOnlyList<SchemaObject>> _known = new(StringComparer.Ordinal);

    /// <param name="scripts">Scripts, in their order.</param>
    /// <param name="cancellation">Ends the making.</param>
    /// <exception cref="PostgresException">A script cannot be applied to an empty database.</exception>
    public async Task<IReadOnlyList<SchemaObject>> SchemaAsync(IReadOnlyList<MigrationScript> scripts, CancellationToken cancellation)
    {
        var checksum = MigrationScripts.ChecksumOf(scripts);
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!_known.TryGetValue(checksum, out var schema))
            {
                schema = await MakeAsync(Prefix + checksum[..16], scripts, cancellation).ConfigureAwait(false);
                if (_known.Count >= MostRemembered)
                {
                    _known.Clear();
                }

                _known.Add(checksum, schema);
            }

            return schema;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<IReadOnlyList<SchemaObject>> MakeAsync(string name, IReadOnlyList<MigrationScript> scripts, CancellationToken cancellation)
    {
        await template.EnsureAsync(await ServerPowers.ReadAsync(system, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        await using var connection = await system.OpenOwnAsync(cancellation).ConfigureAwait(false);
        // The connection's end is the lock's end.
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({Lock})", cancellation).ConfigureAwait(false);
        var database = Sql.Name(name);
        // One that is there was left behind by a process that died.
        await ExecuteAsync(connection, $"DROP DATABASE IF EXISTS {database} WITH (FORCE)", cancellation).ConfigureAwait(false);
        try
        {
            await ExecuteAsync(connection, $"CREATE DATABASE {database} TEMPLATE {Sql.Name(TemplateDatabase.Name)} ALLOW_CONNECTIONS false", cancellation).ConfigureAwait(false);
            await ExecuteAsync(connection, $"REVOKE ALL ON DATABASE {database} FROM PUBLIC", cancellation).ConfigureAwait(false);
            await ExecuteAsync(connection, $"ALTER DATABASE {database} ALLOW_CONNECTIONS true", cancellation).ConfigureAwait(false);
            await using var inside = await system.OpenInAsync(name, cancellation).ConfigureAwait(false);
            foreach (var script in scripts)
            {
                await ApplyAsync(inside, script, cancellation).ConfigureAwait(false);
            }

            await ExecuteAsync(inside, "DISCARD ALL", cancellation).ConfigureAwait(false);
            return await SchemaFingerprint.ReadAsync(inside, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await ExecuteAsync(connection, $"DROP DATABASE IF EXISTS {database} WITH (FORCE)", CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection inside, MigrationScript script, CancellationToken cancellation)
    {
        await ExecuteAsync(inside, "DISCARD ALL", cancellation).ConfigureAwait(false);
        await ExecuteAsync(inside, "SET search_path TO \"$user\", public", cancellation).ConfigureAwait(false);
        if (script.IsTransactional)
        {
            await ExecuteAsync(inside, "BEGIN", cancellation).ConfigureAwait(false);
        }

        foreach (var statement in script.Statements)
        {
            await ExecuteAsync(inside, statement.Sql, cancellation).ConfigureAwait(false);
        }

        if (script.IsTransactional)
        {
            await ExecuteAsync(inside, "COMMIT", cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Only a batch sends a statement as it stands.</summary>
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = SystemDatabase.StatementSeconds };
        Connections.NpgsqlInternals.AskForText(batch, true);
        batch.BatchCommands.Add(new(sql));
        await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
