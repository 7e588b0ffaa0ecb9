namespace Kataven.Chaos.Clients;

/// <summary>What clients run. No table has a unique key: a row that is written twice is there twice.</summary>
internal static class Statements
{
    public static readonly string[] Setup =
    [
        "CREATE TABLE IF NOT EXISTS entry (id text NOT NULL, value bigint, mark text, CONSTRAINT allowed CHECK (mark <> 'forbidden'))",
        "CREATE INDEX IF NOT EXISTS entry_id ON entry (id)",
        "CREATE TABLE IF NOT EXISTS tally (one boolean PRIMARY KEY DEFAULT true, value bigint NOT NULL)",
        "INSERT INTO tally (value) VALUES (0) ON CONFLICT DO NOTHING",
        "CREATE TABLE IF NOT EXISTS stamp (one boolean PRIMARY KEY DEFAULT true, account text NOT NULL, life text NOT NULL, epoch integer NOT NULL)",
    ];

    public const string Stamp = "INSERT INTO stamp (account, life, epoch) VALUES ($1, $2, 1) ON CONFLICT DO NOTHING";

    /// <summary>Parameters: the row, its mark, and how many seconds PostgreSQL takes.</summary>
    public const string Insert = "INSERT INTO entry (id, mark) SELECT $1::text, $2::text FROM pg_sleep($3::float8)";

    public const string InsertAtOnce = "INSERT INTO entry (id, mark) VALUES ($1, $2)";

    /// <summary>The mark is made anew whenever it runs, so an answer tells which run it is of.</summary>
    public const string InsertReturning =
        "INSERT INTO entry (id, mark) SELECT $1::text, gen_random_uuid()::text FROM pg_sleep($2::float8) RETURNING mark";

    public const string Increment =
        """
        WITH counted AS (UPDATE tally SET value = value + 1 RETURNING value)
        INSERT INTO entry (id, value) SELECT $1::text, value FROM counted, pg_sleep($2::float8)
        RETURNING value, (SELECT account FROM stamp), (SELECT life FROM stamp), (SELECT epoch FROM stamp)
        """;

    public const string Read =
        """
        SELECT current_database()::text, account, life, epoch, tally.value, (SELECT count(*) FROM entry WHERE entry.value IS NOT NULL)
        FROM stamp, tally
        """;
}
