namespace Kataven.Grains.Queries.Values;

/// <summary>The oids that code has to name: types whose printed name depends on a modifier.</summary>
internal static class TypeOid
{
    public const uint Bool = 16;
    public const uint Int8 = 20;
    public const uint Int2 = 21;
    public const uint Int4 = 23;
    public const uint Float4 = 700;
    public const uint Float8 = 701;
    public const uint BpChar = 1042;
    public const uint VarChar = 1043;
    public const uint Time = 1083;
    public const uint Timestamp = 1114;
    public const uint TimestampTz = 1184;
    public const uint Interval = 1186;
    public const uint TimeTz = 1266;
    public const uint Bit = 1560;
    public const uint VarBit = 1562;
    public const uint Numeric = 1700;
}
