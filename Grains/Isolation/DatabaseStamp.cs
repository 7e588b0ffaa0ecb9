using Npgsql;
using NpgsqlTypes;

namespace Kataven.Grains.Isolation;

/// <summary>The stamp of a database, as the service's own role reads it.</summary>
/// <param name="IsOurs">False where what stands in the place of a table of the service's was not put there by the service.</param>
/// <param name="Found">The stamp, or null where there is none.</param>
/// <param name="HasMigrations">Whether the table of migrations is there.</param>
internal readonly record struct DatabaseStamp(bool IsOurs, Identity? Found, bool HasMigrations)
{
    /// <summary>
    /// Looks at what the service's tables are before they are read: in a database that was somebody's before, a view or a rule of
    /// that name, a trigger on it, or whatever hangs on to its columns, would run code of theirs with the rights of the service. So
    /// each is the table that the service makes and nothing more. Literals are quoted, so that no planted operator fits better. An index
    /// is told by the catalog's columns: to have PostgreSQL write it down takes a lock, which the account can keep the service waiting for.
    /// </summary>
    private const string Shape = """
        SELECT n.nspowner,
               c.relowner,
               pg_get_userbyid(n.nspowner) = current_user AND (c.oid IS NULL OR pg_get_userbyid(c.relowner) = current_user),
               c.oid IS NULL OR (
                   c.relkind = 'r' AND c.relam = '2' AND NOT c.relrowsecurity AND NOT c.relhasrules AND NOT c.relhastriggers AND NOT c.relhassubclass
                   AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid OR i.inhparent = c.oid)
                   AND NOT EXISTS (SELECT FROM pg_statistic_ext s WHERE s.stxrelid = c.oid)
                   AND NOT EXISTS (SELECT FROM pg_index i
                                    WHERE i.indrelid = c.oid AND NOT i.indisprimary
                                      AND NOT (c.relname = 'idempotency' AND i.indexprs IS NULL AND i.indpred IS NULL
                                               AND i.indnatts = '1' AND i.indkey[0] = '4' AND i.indclass[0] < '16384'))
                   AND NOT EXISTS (SELECT FROM pg_constraint k
                                    WHERE (k.conrelid = c.oid OR k.confrelid = c.oid) AND k.contype <> 'n'
                                      AND NOT (c.relname = 'identity' AND (pg_get_constraintdef(k.oid) = 'PRIMARY KEY (only_row)' OR pg_get_constraintdef(k.oid) = 'CHECK (only_row)'))
                                      AND NOT (c.relname = 'migration' AND pg_get_constraintdef(k.oid) = 'PRIMARY KEY (version)')
                                      AND NOT (c.relname = 'idempotency' AND pg_get_constraintdef(k.oid) = 'PRIMARY KEY (key)'))
                   AND NOT EXISTS (SELECT FROM pg_attribute a
                                    WHERE a.attrelid = c.oid AND a.attnum > '0'
                                      AND NOT (c.relname = 'identity'
                                               AND ((a.attname = 'only_row' AND a.atttypid = '16') OR (a.attname = 'account_uid' AND a.atttypid = '2950')
                                                    OR ((a.attname = 'isolation_version' OR a.attname = 'server_major') AND a.atttypid = '23')))
                                      AND NOT (c.relname = 'migration'
                                               AND (((a.attname = 'version' OR a.attname = 'statements_done') AND a.atttypid = '23')
                                                    OR ((a.attname = 'description' OR a.attname = 'checksum' OR a.attname = 'state') AND a.atttypid = '25')
                                                    OR (a.attname = 'xid' AND a.atttypid = '5069') OR (a.attname = 'invalid_before' AND a.atttypid = '1028')
                                                    OR ((a.attname = 'started_at' OR a.attname = 'applied_at') AND a.atttypid = '1184')
                                                    OR (a.attname = 'duration_ms' AND a.atttypid = '20') OR (a.attname = 'applied_by' AND a.atttypid = '2950')))
                                      AND NOT (c.relname = 'idempotency'
                                               AND ((a.attname = 'key' AND a.atttypid = '25' AND a.attcollation = '950')
                                                    OR ((a.attname = 'request' OR a.attname = 'answer') AND a.atttypid = '17')
                                                    OR (a.attname = 'created_at' AND a.atttypid = '1184'))))
                   AND NOT EXISTS (SELECT FROM pg_attrdef d
                                    WHERE d.adrelid = c.oid AND (c.relname <> 'identity' OR pg_get_expr(d.adbin, d.adrelid) <> 'true'))),
               c.oid IS NOT NULL AND c.relname = 'identity',
               c.oid IS NOT NULL AND c.relname = 'migration'
          FROM pg_namespace n
          LEFT JOIN pg_class c ON c.relnamespace = n.oid AND (c.relname = 'identity' OR c.relname = 'migration' OR c.relname = 'idempotency')
         WHERE n.nspname = '_kataven'
        """;

    /// <summary>Apart, since <c>pg_roles</c> is as long as there are accounts and mostly the owner is the role that asks.</summary>
    private const string Owners = "SELECT count(*) FROM pg_roles r WHERE r.oid = ANY ($1) AND (r.rolsuper OR r.rolname = current_user)";

    /// <summary>Whether it says that the database is the account's with this id.</summary>
    public bool IsOf(Guid accountUid) => IsOurs && Found?.AccountUid == accountUid;

    public static async Task<DatabaseStamp> ReadAsync(NpgsqlConnection inside, CancellationToken cancellation)
    {
        var (hasStamp, hasMigrations) = (false, false);
        var owners = new HashSet<uint>();
        await using (var shape = new NpgsqlCommand(Shape, inside))
        await using (var reader = await shape.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                if (!reader.GetBoolean(2))
                {
                    owners.UnionWith(Oids(reader));
                }

                if (!reader.GetBoolean(3))
                {
                    return new DatabaseStamp(false, null, false);
                }

                hasStamp |= reader.GetBoolean(4);
                hasMigrations |= reader.GetBoolean(5);
            }
        }

        if (owners.Count > 0 && !await AreStrongAsync(inside, owners, cancellation).ConfigureAwait(false))
        {
            return new DatabaseStamp(false, null, false);
        }

        if (!hasStamp)
        {
            return new DatabaseStamp(true, null, hasMigrations);
        }

        await using var command = new NpgsqlCommand(Identity.Question, inside);
        await using var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var found = await row.ReadAsync(cancellation).ConfigureAwait(false)
            ? new Identity(row.GetString(0), row.GetString(1), row.GetGuid(2), row.GetInt32(3), row.GetInt32(4))
            : null;
        return new DatabaseStamp(true, found, hasMigrations);
    }

    /// <summary>Of the schema, and of a table where there is one.</summary>
    private static uint[] Oids(NpgsqlDataReader reader) => reader.IsDBNull(1)
        ? [reader.GetFieldValue<uint>(0)]
        : [reader.GetFieldValue<uint>(0), reader.GetFieldValue<uint>(1)];

    /// <summary>Whether each is the service's own role, or a superuser.</summary>
    private static async Task<bool> AreStrongAsync(NpgsqlConnection inside, HashSet<uint> owners, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Owners, inside);
        command.Parameters.Add(new() { Value = owners.ToArray(), NpgsqlDbType = NpgsqlDbType.Oid | NpgsqlDbType.Array });
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))! == owners.Count;
    }
}
