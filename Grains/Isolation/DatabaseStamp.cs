using Npgsql;

namespace Kataven.Grains.Isolation;

/// <summary>The stamp of a database, as the service's own role reads it.</summary>
/// <param name="IsOurs">False where what stands in the stamp's place was not put there by the service.</param>
/// <param name="Found">The stamp, or null where there is none.</param>
internal readonly record struct DatabaseStamp(bool IsOurs, Identity? Found)
{
    /// <summary>
    /// Looks at what the stamp is before it is read: in a database that was somebody's before, a view or a rule of that name, a
    /// trigger on it, or whatever hangs on to its columns, would run code of theirs with the rights of the service. So it is the
    /// table that the service makes and nothing more. Literals are quoted, so that no planted operator fits better.
    /// </summary>
    private const string Shape = """
        SELECT n.nspowner = me.oid OR o.rolsuper,
               c.oid IS NULL OR (
                   c.relkind = 'r' AND c.relam = '2' AND NOT c.relrowsecurity AND NOT c.relhasrules AND NOT c.relhastriggers AND NOT c.relhassubclass
                   AND (c.relowner = me.oid OR t.rolsuper)
                   AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid OR i.inhparent = c.oid)
                   AND NOT EXISTS (SELECT FROM pg_statistic_ext s WHERE s.stxrelid = c.oid)
                   AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND NOT i.indisprimary)
                   AND NOT EXISTS (SELECT FROM pg_constraint k
                                    WHERE (k.conrelid = c.oid OR k.confrelid = c.oid) AND k.contype <> 'n'
                                      AND pg_get_constraintdef(k.oid) <> 'PRIMARY KEY (only_row)' AND pg_get_constraintdef(k.oid) <> 'CHECK (only_row)')
                   AND NOT EXISTS (SELECT FROM pg_attribute a
                                    WHERE a.attrelid = c.oid AND a.attnum > '0'
                                      AND NOT ((a.attname = 'only_row' AND a.atttypid = '16') OR (a.attname = 'account_uid' AND a.atttypid = '2950')
                                               OR ((a.attname = 'isolation_version' OR a.attname = 'server_major') AND a.atttypid = '23')))
                   AND NOT EXISTS (SELECT FROM pg_attrdef d WHERE d.adrelid = c.oid AND pg_get_expr(d.adbin, d.adrelid) <> 'true')),
               c.oid IS NOT NULL
          FROM pg_namespace n
          JOIN pg_roles me ON me.rolname = current_user
          JOIN pg_roles o ON o.oid = n.nspowner
          LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'identity'
          LEFT JOIN pg_roles t ON t.oid = c.relowner
         WHERE n.nspname = '_kataven'
        """;

    public static async Task<DatabaseStamp> ReadAsync(NpgsqlConnection inside, CancellationToken cancellation)
    {
        await using (var shape = new NpgsqlCommand(Shape, inside))
        await using (var reader = await shape.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            if (!await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                return new DatabaseStamp(true, null);
            }

            if (!reader.GetBoolean(0) || !reader.GetBoolean(1))
            {
                return new DatabaseStamp(false, null);
            }

            if (!reader.GetBoolean(2))
            {
                return new DatabaseStamp(true, null);
            }
        }

        await using var command = new NpgsqlCommand(Identity.Question, inside);
        await using var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return new DatabaseStamp(true, await row.ReadAsync(cancellation).ConfigureAwait(false)
            ? new Identity(row.GetString(0), row.GetString(1), row.GetGuid(2), row.GetInt32(3), row.GetInt32(4))
            : null);
    }
}
