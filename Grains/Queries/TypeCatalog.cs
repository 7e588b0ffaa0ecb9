using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Kataven.Grains.Connections;
using Kataven.Grains.Queries.Values;
using Npgsql;

namespace Kataven.Grains.Queries;

/// <summary>
/// The types of one account's database. Built-in ones need no asking; what an oid of the account's own stands for is
/// asked once, while its name is asked each time, since it can be changed and depends on the search path.
/// </summary>
internal sealed class TypeCatalog
{
    /// <summary>Types of the account's own that are remembered. One that makes and drops them without end fills no memory.</summary>
    private const int Capacity = 10_000;

    private volatile ConcurrentDictionary<uint, PgType> _own = new();

    /// <summary>The columns, or null where one has a type that must be looked up first.</summary>
    public static Column[]? TryResolve(IReadOnlyList<ColumnHeader> headers)
    {
        var columns = new Column[headers.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            var header = headers[i];
            if (!BuiltInTypes.TryGet(header.TypeOid, out var type) || !TypeNames.TryFormat(header.TypeOid, header.TypeModifier, out var name))
            {
                return null;
            }

            columns[i] = new Column(header.Name, name, type);
        }

        return columns;
    }

    /// <summary>The columns, asked for on the lane that ran the statement: it sees types that its transaction has made.</summary>
    public async Task<Column[]> ResolveAsync(IReadOnlyList<ColumnHeader> headers, Lane lane, CancellationToken cancellation)
    {
        // Replaced, not cleared: others may be about to find in it what they have just learned.
        var own = _own.Count < Capacity ? _own : _own = new();
        await LearnAsync(own, [.. headers.Select(header => header.TypeOid)], lane, cancellation).ConfigureAwait(false);
        var names = await NamesAsync(headers, lane, cancellation).ConfigureAwait(false);
        return [.. headers.Select((header, i) => new Column(header.Name, names[i], Find(own, header.TypeOid)))];
    }

    private static PgType Find(ConcurrentDictionary<uint, PgType> own, uint oid) =>
        BuiltInTypes.TryGet(oid, out var type) ? type : own.GetValueOrDefault(oid) ?? PgType.Scalar(oid, PgTypeKind.Text);

    /// <summary>Looks up what is not known, and what that is made of: the base of a domain, the element of an array.</summary>
    private static async Task LearnAsync(ConcurrentDictionary<uint, PgType> own, uint[] oids, Lane lane, CancellationToken cancellation)
    {
        bool IsKnown(uint oid) => BuiltInTypes.TryGet(oid, out _) || own.ContainsKey(oid);
        var made = new Dictionary<uint, TypeRow>();
        var unknown = oids.Where(oid => !IsKnown(oid)).Distinct().ToList();
        while (unknown.Count > 0)
        {
            var rows = await ReadAsync(unknown, lane, cancellation).ConfigureAwait(false);
            rows.ForEach(row => made[row.Oid] = row);
            unknown = [.. rows.Select(row => row.Inner).Where(inner => inner != 0 && !IsKnown(inner) && !made.ContainsKey(inner)).Distinct()];
        }

        foreach (var oid in made.Keys)
        {
            own[oid] = Make(own, oid, made, 0);
        }
    }

    private static PgType Make(ConcurrentDictionary<uint, PgType> own, uint oid, Dictionary<uint, TypeRow> made, int depth)
    {
        if (!made.TryGetValue(oid, out var row))
        {
            return Find(own, oid);
        }

        // A type cannot contain itself, but what the catalog says is the account's doing.
        if (row.Inner == 0 || depth > 16)
        {
            return PgType.Scalar(oid, PgTypeKind.Text);
        }

        var inner = Make(own, row.Inner, made, depth + 1);
        return row.IsArray ? PgType.ArrayOf(oid, inner, row.Delimiter) : inner;
    }

    private static async Task<List<TypeRow>> ReadAsync(List<uint> oids, Lane lane, CancellationToken cancellation)
    {
        var rows = new List<TypeRow>();
        await QueryAsync(
            """
            SELECT t.oid,
                   CASE WHEN t.typtype OPERATOR(pg_catalog.=) 'd' THEN t.typbasetype
                        WHEN t.typoutput OPERATOR(pg_catalog.=) 'pg_catalog.array_out'::pg_catalog.regproc THEN t.typelem ELSE 0 END,
                   t.typtype OPERATOR(pg_catalog.<>) 'd', t.typdelim
              FROM pg_catalog.pg_type t
             WHERE t.oid OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.oid[])
            """,
            [ArrayOf(oids)],
            lane,
            reader => rows.Add(new TypeRow(Oid(reader.GetString(0)), Oid(reader.GetString(1)), reader.GetString(2) == "t", (byte)reader.GetString(3)[0])),
            cancellation).ConfigureAwait(false);
        return rows;
    }

    private static async Task<string[]> NamesAsync(IReadOnlyList<ColumnHeader> headers, Lane lane, CancellationToken cancellation)
    {
        var names = new List<string>();
        await QueryAsync(
            """
            SELECT pg_catalog.format_type(o, m)
              FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.int4[])) WITH ORDINALITY AS q (o, m, n) ORDER BY n
            """,
            [ArrayOf(headers.Select(header => header.TypeOid)), ArrayOf(headers.Select(header => header.TypeModifier))],
            lane,
            reader => names.Add(reader.IsDBNull(0) ? "???" : reader.GetString(0)),
            cancellation).ConfigureAwait(false);
        return [.. names];
    }

    private static async Task QueryAsync(string sql, string[] parameters, Lane lane, Action<NpgsqlDataReader> row, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(lane.Connection);
        NpgsqlInternals.AskForText(batch, true);
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Unknown, Value = parameter });
        }

        batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            row(reader);
        }
    }

    private static string ArrayOf<T>(IEnumerable<T> numbers)
        where T : IFormattable
    {
        var text = new StringBuilder("{");
        text.AppendJoin(',', numbers.Select(number => number.ToString(null, CultureInfo.InvariantCulture)));
        return text.Append('}').ToString();
    }

    private static uint Oid(string text) => uint.Parse(text, CultureInfo.InvariantCulture);

    private readonly record struct TypeRow(uint Oid, uint Inner, bool IsArray, byte Delimiter);
}
