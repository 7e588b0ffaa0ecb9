using System.Diagnostics.CodeAnalysis;

namespace Kataven.Grains.Queries.Values;

/// <summary>
/// The types whose oids are the same in every PostgreSQL (below 10000: higher ones are given out by <c>initdb</c> and
/// differ between versions), so that most results need no look into the catalog.
/// </summary>
internal static class BuiltInTypes
{
    /// <summary>Neither a number nor an array to PostgreSQL: <c>int2vector</c> and <c>oidvector</c> print <c>1 2</c>.</summary>
    private static readonly Row[] Rows =
    [
        new(16, 1000, "boolean", PgTypeKind.Boolean),
        new(17, 1001, "bytea"),
        new(18, 1002, "\"char\""),
        new(19, 1003, "name"),
        new(20, 1016, "bigint", PgTypeKind.Number),
        new(21, 1005, "smallint", PgTypeKind.Number),
        new(22, 1006, "int2vector"),
        new(23, 1007, "integer", PgTypeKind.Number),
        new(24, 1008, "regproc"),
        new(25, 1009, "text"),
        new(26, 1028, "oid"),
        new(27, 1010, "tid"),
        new(28, 1011, "xid"),
        new(29, 1012, "cid"),
        new(30, 1013, "oidvector"),
        new(32, 0, "pg_ddl_command"),
        new(71, 210, "pg_type"),
        new(75, 270, "pg_attribute"),
        new(81, 272, "pg_proc"),
        new(83, 273, "pg_class"),
        new(114, 199, "json", PgTypeKind.Json),
        new(142, 143, "xml"),
        new(194, 0, "pg_node_tree"),
        new(269, 0, "table_am_handler"),
        new(325, 0, "index_am_handler"),
        new(600, 1017, "point"),
        new(601, 1018, "lseg"),
        new(602, 1019, "path"),
        new(603, 1020, "box", Delimiter: (byte)';'),
        new(604, 1027, "polygon"),
        new(628, 629, "line"),
        new(650, 651, "cidr"),
        new(700, 1021, "real", PgTypeKind.Number),
        new(701, 1022, "double precision", PgTypeKind.Number),
        new(705, 0, "unknown"),
        new(718, 719, "circle"),
        new(774, 775, "macaddr8"),
        new(790, 791, "money"),
        new(829, 1040, "macaddr"),
        new(869, 1041, "inet"),
        new(1033, 1034, "aclitem"),
        new(1042, 1014, "character"),
        new(1043, 1015, "character varying"),
        new(1082, 1182, "date"),
        new(1083, 1183, "time without time zone"),
        new(1114, 1115, "timestamp without time zone", PgTypeKind.Timestamp),
        new(1184, 1185, "timestamp with time zone", PgTypeKind.TimestampTz),
        new(1186, 1187, "interval"),
        new(1248, 0, "pg_database"),
        new(1266, 1270, "time with time zone"),
        new(1560, 1561, "bit"),
        new(1562, 1563, "bit varying"),
        new(1700, 1231, "numeric", PgTypeKind.Number),
        new(1790, 2201, "refcursor"),
        new(2202, 2207, "regprocedure"),
        new(2203, 2208, "regoper"),
        new(2204, 2209, "regoperator"),
        new(2205, 2210, "regclass"),
        new(2206, 2211, "regtype"),
        new(2249, 2287, "record"),
        new(2275, 1263, "cstring"),
        new(2276, 0, "\"any\""),
        new(2277, 0, "anyarray"),
        new(2278, 0, "void"),
        new(2279, 0, "trigger"),
        new(2280, 0, "language_handler"),
        new(2281, 0, "internal"),
        new(2283, 0, "anyelement"),
        new(2776, 0, "anynonarray"),
        new(2842, 0, "pg_authid"),
        new(2843, 0, "pg_auth_members"),
        new(2950, 2951, "uuid"),
        new(2970, 2949, "txid_snapshot"),
        new(3115, 0, "fdw_handler"),
        new(3220, 3221, "pg_lsn"),
        new(3310, 0, "tsm_handler"),
        new(3361, 0, "pg_ndistinct"),
        new(3402, 0, "pg_dependencies"),
        new(3500, 0, "anyenum"),
        new(3614, 3643, "tsvector"),
        new(3615, 3645, "tsquery"),
        new(3642, 3644, "gtsvector"),
        new(3734, 3735, "regconfig"),
        new(3769, 3770, "regdictionary"),
        new(3802, 3807, "jsonb", PgTypeKind.Json),
        new(3831, 0, "anyrange"),
        new(3838, 0, "event_trigger"),
        new(3904, 3905, "int4range"),
        new(3906, 3907, "numrange"),
        new(3908, 3909, "tsrange"),
        new(3910, 3911, "tstzrange"),
        new(3912, 3913, "daterange"),
        new(3926, 3927, "int8range"),
        new(4066, 0, "pg_shseclabel"),
        new(4072, 4073, "jsonpath"),
        new(4089, 4090, "regnamespace"),
        new(4096, 4097, "regrole"),
        new(4191, 4192, "regcollation"),
        new(4451, 6150, "int4multirange"),
        new(4532, 6151, "nummultirange"),
        new(4533, 6152, "tsmultirange"),
        new(4534, 6153, "tstzmultirange"),
        new(4535, 6155, "datemultirange"),
        new(4536, 6157, "int8multirange"),
        new(4537, 0, "anymultirange"),
        new(4538, 0, "anycompatiblemultirange"),
        new(4600, 0, "pg_brin_bloom_summary"),
        new(4601, 0, "pg_brin_minmax_multi_summary"),
        new(5017, 0, "pg_mcv_list"),
        new(5038, 5039, "pg_snapshot"),
        new(5069, 271, "xid8"),
        new(5077, 0, "anycompatible"),
        new(5078, 0, "anycompatiblearray"),
        new(5079, 0, "anycompatiblenonarray"),
        new(5080, 0, "anycompatiblerange"),
        new(6101, 0, "pg_subscription"),
    ];

    private static readonly Entry?[] ByOid = Index();

    public static bool TryGet(uint oid, [NotNullWhen(true)] out PgType? type)
    {
        type = Find(oid)?.Type;
        return type is not null;
    }

    /// <summary>The name that <c>format_type(oid, NULL)</c> prints.</summary>
    internal static bool TryGetName(uint oid, [NotNullWhen(true)] out string? name)
    {
        name = Find(oid)?.Name;
        return name is not null;
    }

    private static Entry? Find(uint oid) => oid < (uint)ByOid.Length ? ByOid[oid] : null;

    private static Entry?[] Index()
    {
        var index = new Entry?[Rows.Max(row => Math.Max(row.Oid, row.ArrayOid)) + 1];
        foreach (var row in Rows)
        {
            var type = PgType.Scalar(row.Oid, row.Kind);
            index[row.Oid] = new(type, row.Name);
            if (row.ArrayOid != 0)
                index[row.ArrayOid] = new(PgType.ArrayOf(row.ArrayOid, type, row.Delimiter), row.Name + "[]");
        }
        return index;
    }

    private sealed record Entry(PgType Type, string Name);

    /// <param name="Oid">The type.</param>
    /// <param name="ArrayOid">Its array type, 0 where there is none with a fixed oid.</param>
    /// <param name="Name">As <c>format_type</c> prints it without a modifier.</param>
    /// <param name="Kind">How it is rendered.</param>
    /// <param name="Delimiter">Its <c>typdelim</c>.</param>
    private readonly record struct Row(
        uint Oid, uint ArrayOid, string Name, PgTypeKind Kind = PgTypeKind.Text, byte Delimiter = (byte)',');
}
