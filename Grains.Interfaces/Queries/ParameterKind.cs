namespace Kataven.Queries;

/// <summary>What a parameter was in the request's JSON, since that decides how it is sent.</summary>
[GenerateSerializer, Alias("kataven.ParameterKind")]
public enum ParameterKind : byte
{
    Null,

    /// <summary>A string, number or boolean, sent as text whose type PostgreSQL infers.</summary>
    Scalar,

    /// <summary>An object, sent as its JSON.</summary>
    Json,

    /// <summary>An array, sent as a PostgreSQL array, or as its JSON where the inferred type is <c>json</c> or <c>jsonb</c>.</summary>
    Array,
}
