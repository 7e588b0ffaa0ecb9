namespace Kataven.Grains.Queries.Values;

/// <summary>
/// What rendering has to know of a type. Built-in types come from <see cref="BuiltInTypes"/>; those that an account made
/// are looked up in its catalog. A domain has the kind of its base type there: as the element of an array, PostgreSQL
/// sends the domain's own oid.
/// </summary>
internal sealed class PgType
{
    private PgType(uint oid, PgTypeKind kind, PgType? element, byte delimiter)
    {
        Oid = oid;
        Kind = kind;
        Element = element;
        Delimiter = delimiter;
    }

    public uint Oid { get; }

    public PgTypeKind Kind { get; }

    /// <summary>The element's type, of arrays only.</summary>
    public PgType? Element { get; }

    /// <summary>What stands between the elements of an array: the element type's <c>typdelim</c>.</summary>
    public byte Delimiter { get; }

    public static PgType Scalar(uint oid, PgTypeKind kind) => new(oid, kind, null, (byte)',');

    public static PgType ArrayOf(uint oid, PgType element, byte delimiter = (byte)',') =>
        new(oid, PgTypeKind.Array, element, delimiter);
}
