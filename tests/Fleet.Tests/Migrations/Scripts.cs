namespace Kataven.Fleet.Tests.Migrations;

/// <summary>
/// The fleet's migrations. Whether one fails, waits or takes its time is told by what is in the account: so each test has the
/// script that it needs, and everybody else's accounts can be made.
/// </summary>
internal static class Scripts
{
    public const int Newest = 4;

    private static readonly (string Name, string Sql)[] All =
    [
        ("V0001__items.sql", """
            create table item (id int primary key, name text not null);
            create index item_name on item (name);
            create table pace (seconds float8 not null);
            """),

        // Fails with 23505 where two items have one name, after it did something.
        ("V0002__names_are_unique.sql", """
            -- kataven: no transaction
            create index concurrently item_length on item (length(name));
            create unique index concurrently item_name_once on item (name);
            """),

        // Sleeps as long as pace says, and waits for whoever has locked pace.
        ("V0003__what_takes_its_time.sql", """
            do $$ begin perform pg_sleep(seconds) from pace; end $$;
            lock table pace in access exclusive mode;
            alter table item add column price int;
            """),

        // Fails with 23514 where an item's id is below zero, after it did something. PostgreSQL writes of the check after a restore otherwise than before.
        ("V0004__ids_are_positive.sql", """
            create table half_done (n int);
            alter table item add constraint item_id_positive check (id between 0 and 2000000000 and id <> 1999999999);
            """),
    ];

    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, sql) in All)
        {
            File.WriteAllText(Path.Combine(folder, name), sql);
        }
    }
}
