using Npgsql;
using NpgsqlTypes;

namespace Kataven.Grains.Migrations;

/// <summary>
/// What <c>CREATE INDEX CONCURRENTLY</c> leaves behind when it fails. An index on a partitioned table, which may be invalid on
/// purpose, and one that somebody is building are none of these.
/// </summary>
internal static class InvalidIndexes
{
    private const string Invalid = """
        SELECT i.indexrelid, format('DROP INDEX CONCURRENTLY IF EXISTS %I.%I', n.nspname, c.relname)
          FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE NOT i.indisvalid AND c.relkind = 'i' AND i.indexrelid <> ALL ($1)
           AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.datname = current_database() AND p.index_relid = i.indexrelid)
        """;

    public static async Task<uint[]> ReadAsync(NpgsqlConnection service, CancellationToken cancellation) =>
        [.. (await ReadAsync(service, [], cancellation).ConfigureAwait(false)).Select(index => index.Oid)];

    /// <summary>Removes those that were not there before, with the account's own rights.</summary>
    public static async Task DropAsync(NpgsqlConnection service, ScriptConnection scripts, uint[] before, CancellationToken cancellation)
    {
        foreach (var (_, drop) in await ReadAsync(service, before, cancellation).ConfigureAwait(false))
        {
            await scripts.ExecuteAsync(drop, cancellation).ConfigureAwait(false);
        }
    }

    public static async Task<bool> AnyAsync(NpgsqlConnection service, uint[] before, CancellationToken cancellation) =>
        await ReadAsync(service, before, cancellation).ConfigureAwait(false) is not [];

    private static async Task<List<(uint Oid, string Drop)>> ReadAsync(NpgsqlConnection service, uint[] before, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Invalid, service);
        command.Parameters.Add(new() { Value = before, NpgsqlDbType = NpgsqlDbType.Oid | NpgsqlDbType.Array });
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var found = new List<(uint, string)>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            found.Add((reader.GetFieldValue<uint>(0), reader.GetString(1)));
        }

        return found;
    }
}
