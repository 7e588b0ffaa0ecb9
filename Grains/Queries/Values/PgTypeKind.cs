namespace Kataven.Grains.Queries.Values;

/// <summary>How a value of a type is rendered, as far as JSON and CSV tell types apart.</summary>
internal enum PgTypeKind
{
    /// <summary>Everything that has no form of its own in JSON: the string that PostgreSQL prints.</summary>
    Text,

    Number,
    Boolean,
    Json,
    Timestamp,
    TimestampTz,
    Array,
}
