using System.Diagnostics.CodeAnalysis;

namespace Kataven.Grains.Queries.Values;

/// <summary>
/// What <c>format_type(oid, typmod)</c> prints for a built-in type, without asking PostgreSQL. The rules are those of
/// <c>format_type_extended</c> and the types' <c>typmodout</c> functions.
/// </summary>
internal static class TypeNames
{
    /// <summary>The length word that PostgreSQL counts into the modifiers of <c>varchar</c>, <c>bpchar</c> and <c>numeric</c>.</summary>
    private const int HeaderSize = 4;

    /// <summary>False for types that are not built in, and for modifiers that no column definition makes.</summary>
    public static bool TryFormat(uint oid, int typmod, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (!BuiltInTypes.TryGet(oid, out var type))
            return false;
        if (type.Element is null)
            return TryFormatScalar(oid, typmod, out name);
        // Only what depends on the modifier has to be put together anew.
        if (typmod < 0 && type.Element.Oid is not (TypeOid.BpChar or TypeOid.Bit))
            return BuiltInTypes.TryGetName(oid, out name);
        if (!TryFormatScalar(type.Element.Oid, typmod, out var element))
            return false;
        name = element + "[]";
        return true;
    }

    private static bool TryFormatScalar(uint oid, int typmod, [NotNullWhen(true)] out string? name)
    {
        name = typmod < 0 ? WithoutModifier(oid) : WithModifier(oid, typmod);
        return name is not null || (typmod < 0 && BuiltInTypes.TryGetName(oid, out name));
    }

    // "character" and "bit" alone would mean a length of one in SQL, so format_type shows that there is none.
    private static string? WithoutModifier(uint oid) => oid switch
    {
        TypeOid.BpChar => "bpchar",
        TypeOid.Bit => "\"bit\"",
        _ => null,
    };

    private static string? WithModifier(uint oid, int typmod)
    {
        switch (oid)
        {
            case TypeOid.BpChar:
                return "character" + Length(typmod);
            case TypeOid.VarChar:
                return "character varying" + Length(typmod);
            case TypeOid.Bit:
                return $"bit({typmod})";
            case TypeOid.VarBit:
                return $"bit varying({typmod})";
            case TypeOid.Numeric:
                return "numeric" + PrecisionAndScale(typmod);
            case TypeOid.Time:
                return $"time({typmod}) without time zone";
            case TypeOid.TimeTz:
                return $"time({typmod}) with time zone";
            case TypeOid.Timestamp:
                return $"timestamp({typmod}) without time zone";
            case TypeOid.TimestampTz:
                return $"timestamp({typmod}) with time zone";
            case TypeOid.Interval:
                return IntervalFields(typmod) is { } fields ? "interval" + fields + IntervalPrecision(typmod) : null;
            case TypeOid.Bool or TypeOid.Int2 or TypeOid.Int4 or TypeOid.Int8 or TypeOid.Float4 or TypeOid.Float8:
                return BuiltInTypes.TryGetName(oid, out var fixedName) ? fixedName : null;
            default:
                return BuiltInTypes.TryGetName(oid, out var name) ? $"{name}({typmod})" : null;
        }
    }

    private static string Length(int typmod) => typmod > HeaderSize ? $"({typmod - HeaderSize})" : "";

    // Eleven bits of scale with a sign, since PostgreSQL 15; older ones never set the bits in question.
    private static string PrecisionAndScale(int typmod)
    {
        if (typmod < HeaderSize)
            return "";
        var bits = typmod - HeaderSize;
        return $"({(bits >> 16) & 0xffff},{((bits & 0x7ff) ^ 1024) - 1024})";
    }

    private static string? IntervalFields(int typmod)
    {
        const int Month = 1 << 1, Year = 1 << 2, Day = 1 << 3, Hour = 1 << 10, Minute = 1 << 11, Second = 1 << 12;
        return ((typmod >> 16) & 0x7fff) switch
        {
            Year => " year",
            Month => " month",
            Day => " day",
            Hour => " hour",
            Minute => " minute",
            Second => " second",
            Year | Month => " year to month",
            Day | Hour => " day to hour",
            Day | Hour | Minute => " day to minute",
            Day | Hour | Minute | Second => " day to second",
            Hour | Minute => " hour to minute",
            Hour | Minute | Second => " hour to second",
            Minute | Second => " minute to second",
            0x7fff => "",
            _ => null,
        };
    }

    private static string IntervalPrecision(int typmod) => (typmod & 0xffff) is var digits and not 0xffff ? $"({digits})" : "";
}
