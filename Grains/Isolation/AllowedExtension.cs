namespace Kataven.Grains.Isolation;

/// <summary>
/// What an account may create of the extensions that PostgreSQL lets anybody create. Above all not the other languages
/// (<c>plperl</c>, <c>pltcl</c>): what is written in them cannot be interrupted.
/// </summary>
internal static class AllowedExtension
{
    public static readonly string[] All =
    [
        "plpgsql", "btree_gin", "btree_gist", "citext", "cube", "dict_int", "earthdistance", "fuzzystrmatch", "hstore", "intarray", "isn", "lo", "ltree",
        "pg_trgm", "pgcrypto", "seg", "tablefunc", "tcn", "tsm_system_rows", "tsm_system_time", "unaccent", "uuid-ossp",
    ];
}
