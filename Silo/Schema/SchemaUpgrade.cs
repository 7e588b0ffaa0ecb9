using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kataven.Silo.Schema;

/// <summary>Applies the scripts that the database does not have yet, and refuses one that changed after it was applied.</summary>
internal static class SchemaUpgrade
{
    // "Kataven" in ASCII: one process at a time, in this database.
    private const long LockKey = 0x4B_61_74_61_76_65_6E;

    private const string CreateHistory = """
        CREATE SCHEMA kataven;
        CREATE TABLE kataven.schema_version (
            version integer PRIMARY KEY,
            name text NOT NULL,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT pg_catalog.now()
        );
        REVOKE ALL ON kataven.schema_version FROM PUBLIC;
        """;

    public static async Task LockAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, "SELECT pg_catalog.pg_advisory_xact_lock(@key)");
        command.Parameters.AddWithValue("key", LockKey);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task ApplyAsync(
        NpgsqlTransaction transaction, IReadOnlyList<SchemaScript> scripts, ILogger logger, CancellationToken cancellationToken)
    {
        var applied = await ReadAppliedAsync(transaction, cancellationToken);
        foreach (var script in Pending(scripts, applied))
        {
            await ExecuteAsync(transaction, script.Sql, cancellationToken);
            await RecordAsync(transaction, script, cancellationToken);
            SystemSchema.LogAppliedScript(logger, script.Name);
        }

        // Processes of two builds run side by side while a cluster is renewed.
        if (applied.Keys.DefaultIfEmpty().Max() is var found && found > scripts[^1].Version)
            SystemSchema.LogNewerSchema(logger, found, scripts[^1].Version);
    }

    /// <param name="applied">The checksum of each script that the database has, by its version.</param>
    internal static IReadOnlyList<SchemaScript> Pending(
        IReadOnlyList<SchemaScript> scripts, IReadOnlyDictionary<int, string> applied)
    {
        var changed = scripts.FirstOrDefault(script => applied.TryGetValue(script.Version, out var sum) && sum != script.Checksum);
        if (changed is not null)
        {
            throw new InvalidOperationException(
                $"The script {changed.Name} is not the one that was applied to the system database: "
                + "a change of the schema is a new script.");
        }

        return [.. scripts.Where(script => !applied.ContainsKey(script.Version))];
    }

    private static async Task<Dictionary<int, string>> ReadAppliedAsync(
        NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using (var exists = Command(transaction, "SELECT pg_catalog.to_regclass('kataven.schema_version') IS NOT NULL"))
        {
            if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
                await ExecuteAsync(transaction, CreateHistory, cancellationToken);
        }

        await using var command = Command(transaction, "SELECT version, checksum FROM kataven.schema_version");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new Dictionary<int, string>();
        while (await reader.ReadAsync(cancellationToken))
            applied.Add(reader.GetInt32(0), reader.GetString(1));
        return applied;
    }

    private static async Task RecordAsync(NpgsqlTransaction transaction, SchemaScript script, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction,
            "INSERT INTO kataven.schema_version (version, name, checksum) VALUES (@version, @name, @checksum)");
        command.Parameters.AddWithValue("version", script.Version);
        command.Parameters.AddWithValue("name", script.Name);
        command.Parameters.AddWithValue("checksum", script.Checksum);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlTransaction transaction, string sql) => new(sql, transaction.Connection, transaction);
}
