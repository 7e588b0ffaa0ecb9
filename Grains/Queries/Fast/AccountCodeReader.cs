using System.Collections.Frozen;
using Kataven.Grains.Connections;
using Npgsql;

namespace Kataven.Grains.Queries.Fast;

/// <summary>Reads from an account's catalog what <see cref="AccountCode"/> says, on a lane of the account.</summary>
internal static class AccountCodeReader
{
    /// <summary>Of more views the definitions are not read: all of them count as code.</summary>
    private const int MostViews = 200;

    /// <summary>Volatile, and yet they leave nothing behind: each call of them stands for itself.</summary>
    private static readonly string[] Harmless =
        ["clock_timestamp", "timeofday", "random", "random_normal", "gen_random_uuid", "uuidv4", "uuidv7", "pg_relation_size", "pg_total_relation_size", "pg_table_size", "pg_indexes_size"];

    private static readonly string[] Slow = ["pg_sleep", "pg_sleep_for", "pg_sleep_until"];

    /// <summary>They change nothing, but tell of the session that they run in.</summary>
    private static readonly string[] Telling =
    [
        "current_setting", "pg_settings", "pg_show_all_settings", "pg_cursors", "pg_cursor", "pg_prepared_statements", "pg_prepared_statement",
        "pg_listening_channels", "pg_backend_pid", "pg_my_temp_schema", "pg_is_other_temp_schema", "pg_trigger_depth", "txid_current", "txid_current_if_assigned",
        "txid_current_snapshot", "pg_current_xact_id", "pg_current_xact_id_if_assigned", "pg_current_snapshot", "pg_stat_get_snapshot_timestamp",
        "pg_locks", "pg_stat_activity", "pg_last_committed_xact", "show_limit",
    ];

    /// <summary>
    /// The names of functions that are not built in and do something for themselves, of built-in ones that are volatile, and of
    /// statistics' views, which are of the transaction. Of extensions only what is volatile: their others are as good as built in. What
    /// makes XML of a table is given its name as a text.
    /// </summary>
    private const string Functions = """
        SELECT DISTINCT p.proname
          FROM pg_catalog.pg_proc p
          LEFT JOIN pg_catalog.pg_depend d ON d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
               AND d.objid OPERATOR(pg_catalog.=) p.oid AND d.deptype OPERATOR(pg_catalog.=) 'e'
         WHERE (p.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid AND (d.objid IS NULL OR p.provolatile OPERATOR(pg_catalog.=) 'v'))
            OR (p.provolatile OPERATOR(pg_catalog.=) 'v' AND p.proname OPERATOR(pg_catalog.<>) ALL ($1::pg_catalog.name[]))
            OR p.proname OPERATOR(pg_catalog.~) '_to_xml'
         UNION
        SELECT c.relname FROM pg_catalog.pg_class c
         WHERE c.relnamespace OPERATOR(pg_catalog.=) 'pg_catalog'::pg_catalog.regnamespace AND pg_catalog.starts_with(c.relname::pg_catalog.text, 'pg_stat')
         UNION
        SELECT p.proname FROM pg_catalog.pg_proc p WHERE pg_catalog.starts_with(p.proname::pg_catalog.text, 'pg_stat_')
        """;

    private const string Views = """
        SELECT c.relname, CASE WHEN pg_catalog.count(*) OVER () OPERATOR(pg_catalog.<=) $1 THEN pg_catalog.pg_get_viewdef(c.oid) END
          FROM pg_catalog.pg_class c
         WHERE c.relkind OPERATOR(pg_catalog.=) 'v' AND c.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid
        """;

    /// <summary>Expressions that run without being named: of policies, domains, tables, partitions and indexes, and in PostgreSQL's own words.</summary>
    private const string Expressions = """
        SELECT pg_catalog.pg_get_expr(q.e, q.r)
          FROM pg_catalog.pg_policy p CROSS JOIN LATERAL (VALUES (p.polqual, p.polrelid), (p.polwithcheck, p.polrelid)) q (e, r) WHERE q.e IS NOT NULL
         UNION ALL
        SELECT pg_catalog.pg_get_constraintdef(c.oid) FROM pg_catalog.pg_constraint c
         WHERE c.contype OPERATOR(pg_catalog.=) 'c' AND c.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid
         UNION ALL
        SELECT pg_catalog.pg_get_partkeydef(p.partrelid) FROM pg_catalog.pg_partitioned_table p WHERE p.partexprs IS NOT NULL
         UNION ALL
        SELECT pg_catalog.pg_get_indexdef(i.indexrelid) FROM pg_catalog.pg_index i
         WHERE (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL) AND i.indexrelid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid
        """;

    /// <summary>Operators and casts of the account's own; and functions, triggers' too, that could define something.</summary>
    private const string Flags = """
        SELECT EXISTS (SELECT FROM pg_catalog.pg_operator o WHERE o.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid AND NOT EXISTS (
                         SELECT FROM pg_catalog.pg_depend d WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_operator'::pg_catalog.regclass
                            AND d.objid OPERATOR(pg_catalog.=) o.oid AND d.deptype OPERATOR(pg_catalog.=) 'e'))
            OR EXISTS (SELECT FROM pg_catalog.pg_cast c WHERE c.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid AND NOT EXISTS (
                         SELECT FROM pg_catalog.pg_depend d WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_cast'::pg_catalog.regclass
                            AND d.objid OPERATOR(pg_catalog.=) c.oid AND d.deptype OPERATOR(pg_catalog.=) 'e')),
               EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid OPERATOR(pg_catalog.=) p.prolang
                        WHERE p.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid AND l.lanname OPERATOR(pg_catalog.<>) 'c' AND l.lanname OPERATOR(pg_catalog.<>) 'internal'
                          AND p.pronamespace OPERATOR(pg_catalog.<>) 'pg_catalog'::pg_catalog.regnamespace
                          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
                                AND d.objid OPERATOR(pg_catalog.=) p.oid AND d.deptype OPERATOR(pg_catalog.=) 'e')
                          AND p.prosrc OPERATOR(pg_catalog.~*) '\m(create|alter|drop|execute|comment|grant|revoke|call|do|import)\M')
        """;

    /// <param name="lane">One that was reset.</param>
    /// <param name="sharesSession">False where only what writes counts, not what tells of a session or takes its time.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<AccountCode> ReadAsync(Lane lane, bool sharesSession, CancellationToken cancellation)
    {
        var names = new HashSet<string>(sharesSession ? Telling : [], StringComparer.Ordinal);
        string[] harmless = sharesSession ? Harmless : [.. Harmless, .. Slow, .. Telling];
        var views = new List<(string Name, string? Definition)>();
        var expressions = new List<string>();
        bool hidden, mayDefine;
        await using (var batch = new NpgsqlBatch(lane.Connection))
        {
            NpgsqlInternals.AskForText(batch, true);
            var functions = new NpgsqlBatchCommand(Functions);
            functions.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Unknown, Value = $"{{{string.Join(',', harmless)}}}" });
            var viewsCommand = new NpgsqlBatchCommand(Views);
            viewsCommand.Parameters.Add(new NpgsqlParameter<long> { TypedValue = MostViews });
            batch.BatchCommands.Add(functions);
            batch.BatchCommands.Add(viewsCommand);
            batch.BatchCommands.Add(new(Expressions));
            batch.BatchCommands.Add(new(Flags));
            await using var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await EachAsync(reader, () => names.Add(reader.GetString(0)), cancellation).ConfigureAwait(false);
            await EachAsync(reader, () => views.Add((reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1))), cancellation).ConfigureAwait(false);
            await EachAsync(reader, () => expressions.Add(reader.GetString(0)), cancellation).ConfigureAwait(false);
            await reader.ReadAsync(cancellation).ConfigureAwait(false);
            (hidden, mayDefine) = (reader.GetString(0) == "t", reader.GetString(1) == "t");
        }

        return Of(names, views, expressions, hidden, mayDefine);
    }

    /// <summary>A view is code where its definition names code: a view of such a view as well.</summary>
    internal static AccountCode Of(
        HashSet<string> names, List<(string Name, string? Definition)> views, List<string> expressions, bool isHidden, bool mayDefine)
    {
        var known = names.ToFrozenSet(StringComparer.Ordinal);
        for (var found = -1; found != 0;)
        {
            var code = views.FindAll(view => view.Definition is null || !AccountCode.NamesNone(view.Definition, known));
            found = code.Count(view => names.Add(view.Name));
            known = names.ToFrozenSet(StringComparer.Ordinal);
        }

        return new AccountCode(known, isHidden || !expressions.TrueForAll(expression => AccountCode.NamesNone(expression, known)), mayDefine);
    }

    private static async Task EachAsync(NpgsqlDataReader reader, Action row, CancellationToken cancellation)
    {
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            row();
        }

        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
    }
}
