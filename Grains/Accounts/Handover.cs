using Kataven.Grains.Isolation;
using Npgsql;

namespace Kataven.Grains.Accounts;

/// <summary>
/// Hands what is in a database over to the account's role, object by object: REASSIGN OWNED fails for whatever the
/// server's first superuser owns. What belongs to an extension, to PostgreSQL itself or to the service stays where
/// it is.
/// </summary>
internal static class Handover
{
    private const string Sql = """
        WITH role AS (SELECT oid, rolname FROM pg_roles WHERE rolname = $1),
        object (classid, objid, owner, namespace, statement) AS (
            SELECT 'pg_namespace'::regclass, n.oid, n.nspowner, n.oid, format('SCHEMA %I', n.nspname) FROM pg_namespace n
            UNION ALL
            SELECT 'pg_class'::regclass, c.oid, c.relowner, c.relnamespace,
                   format('%s %I.%I', CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                                                     WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END, n.nspname, c.relname)
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             -- A foreign table's owner reads what its server reaches: files, other databases.
             WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'c')
               AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                                AND c.relkind = 'S' AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass)
            UNION ALL
            SELECT 'pg_proc'::regclass, p.oid, p.proowner, p.pronamespace, 'ROUTINE ' || p.oid::regprocedure::text FROM pg_proc p
            UNION ALL
            SELECT 'pg_type'::regclass, t.oid, t.typowner, t.typnamespace, 'TYPE ' || t.oid::regtype::text FROM pg_type t
             -- From PostgreSQL 17 on a multirange follows its range, and may not be named.
             WHERE (t.typtype IN ('e', 'd', 'r', 'b') OR (t.typtype = 'm' AND current_setting('server_version_num')::int < 170000)) AND t.typelem = 0
            UNION ALL
            SELECT 'pg_operator'::regclass, o.oid, o.oprowner, o.oprnamespace, 'OPERATOR ' || o.oid::regoperator::text FROM pg_operator o
            UNION ALL
            SELECT 'pg_opclass'::regclass, o.oid, o.opcowner, o.opcnamespace, format('OPERATOR CLASS %I.%I USING %I', n.nspname, o.opcname, a.amname)
              FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN pg_am a ON a.oid = o.opcmethod
            UNION ALL
            SELECT 'pg_opfamily'::regclass, o.oid, o.opfowner, o.opfnamespace, format('OPERATOR FAMILY %I.%I USING %I', n.nspname, o.opfname, a.amname)
              FROM pg_opfamily o JOIN pg_namespace n ON n.oid = o.opfnamespace JOIN pg_am a ON a.oid = o.opfmethod
            UNION ALL
            SELECT 'pg_collation'::regclass, c.oid, c.collowner, c.collnamespace, format('COLLATION %I.%I', n.nspname, c.collname)
              FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
            UNION ALL
            SELECT 'pg_conversion'::regclass, c.oid, c.conowner, c.connamespace, format('CONVERSION %I.%I', n.nspname, c.conname)
              FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace
            UNION ALL
            SELECT 'pg_ts_dict'::regclass, d.oid, d.dictowner, d.dictnamespace, format('TEXT SEARCH DICTIONARY %I.%I', n.nspname, d.dictname)
              FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace
            UNION ALL
            SELECT 'pg_ts_config'::regclass, c.oid, c.cfgowner, c.cfgnamespace, format('TEXT SEARCH CONFIGURATION %I.%I', n.nspname, c.cfgname)
              FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
            UNION ALL
            SELECT 'pg_statistic_ext'::regclass, s.oid, s.stxowner, s.stxnamespace, format('STATISTICS %I.%I', n.nspname, s.stxname)
              FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
            UNION ALL
            SELECT 'pg_largeobject_metadata'::regclass, l.oid, l.lomowner, 0, format('LARGE OBJECT %s', l.oid) FROM pg_largeobject_metadata l)
        SELECT format('ALTER %s OWNER TO %I', o.statement, r.rolname)
          FROM object o, role r
         WHERE o.owner <> r.oid
           AND NOT EXISTS (SELECT FROM pg_namespace n WHERE n.oid = o.namespace AND ((n.oid < 16384 AND n.nspname <> 'public') OR n.nspname ~ '^(pg_(temp|toast)|_kataven$)'))
           -- Numbers of large objects are their makers' choice.
           AND (o.objid >= 16384 OR o.classid = 'pg_largeobject_metadata'::regclass OR (o.classid = 'pg_namespace'::regclass AND o.statement = 'SCHEMA public'))
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.classid AND d.objid = o.objid AND d.deptype = 'e')
           -- Code without rights of its own, which only a superuser may make, but for a range type's.
           AND NOT (o.classid = 'pg_proc'::regclass
                    AND EXISTS (SELECT FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.oid = o.objid AND NOT l.lanpltrusted AND l.lanname <> 'sql'
                                   AND p.prokind <> 'a'
                                   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')))
           -- Whoever owns a function can replace it: these would then run in the service's own sessions, with its rights.
           AND NOT (o.classid = 'pg_proc'::regclass
                    AND (EXISTS (SELECT FROM pg_event_trigger t WHERE t.evtfoid = o.objid)
                         OR EXISTS (SELECT FROM pg_cast c WHERE c.castfunc = o.objid AND c.castsource < 16384 AND c.casttarget < 16384)))
        """;

    /// <param name="connection">The service's own, in the account's database, with <c>pg_catalog</c> alone in its search path.</param>
    /// <param name="role">The account's role.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<List<string>> StatementsAsync(NpgsqlConnection connection, string role, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new() { Value = role });
        return await StatementList.ReadAsync(command, cancellation).ConfigureAwait(false);
    }
}
