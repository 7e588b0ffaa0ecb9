using Kataven.Accounts;
using Kataven.Grains.Isolation;
using Npgsql;

namespace Kataven.Grains.Accounts;

/// <summary>
/// An account's database on the server. Each step looks before it acts, so that all of it can be repeated after a crash
/// at any point. A database is the account's where its comment, which only its owner can write, has the account's uid.
/// </summary>
internal sealed class AccountDatabase(SystemDatabase system, TemplateDatabase template, DatabaseSeal seal)
{
    /// <summary>PostgreSQL itself waits five seconds for those who leave, each time.</summary>
    private const int NameTries = 5;

    /// <summary>Statements that take back what somebody else changed of the database's rights: its owner, others' and the account's own.</summary>
    private const string Excess = $"""
        SELECT format('ALTER DATABASE %I OWNER TO CURRENT_USER', d.datname) FROM pg_database d WHERE d.datname = $1 AND pg_get_userbyid(d.datdba) <> current_user
        UNION ALL
        SELECT format('ALTER DATABASE %I IS_TEMPLATE false', d.datname) FROM pg_database d WHERE d.datname = $1 AND d.datistemplate
        UNION ALL
        SELECT DISTINCT format(CASE r.rolname WHEN $2 THEN 'REVOKE GRANT OPTION FOR ALL ON DATABASE %I FROM %I CASCADE' ELSE 'REVOKE ALL ON DATABASE %I FROM %I CASCADE' END,
                               d.datname, r.rolname)
          FROM pg_database d CROSS JOIN aclexplode(d.datacl) a JOIN pg_roles r ON r.oid = a.grantee
         WHERE d.datname = $1 AND (r.rolname ~ '{RoleName.Pattern}' OR r.rolname IN (SELECT role_name FROM public.accounts)) AND (r.rolname <> $2 OR a.is_grantable)
           -- Nobody is shut out for the sake of one who is gone.
           AND to_regrole(quote_ident($2)) IS NOT NULL
        """;

    public async Task<bool> ExistsAsync(AccountId id, CancellationToken cancellation) =>
        (await LookAsync(id.Value, cancellation).ConfigureAwait(false)).Exists;

    /// <summary>
    /// Makes the database; false where one of that name is there that is not the account's. It is made under a name that
    /// nobody else uses, marked, and renamed: so it has the slug's name only once it can be told from somebody else's. Nobody
    /// can enter it before its rights are in place, since CREATE DATABASE always lets PUBLIC in.
    /// </summary>
    public async Task<bool> TryMakeAsync(Account account, CancellationToken cancellation)
    {
        var (exists, mark) = await LookAsync(account.Id.Value, cancellation).ConfigureAwait(false);
        if (exists)
        {
            return mark == MarkOf(account);
        }

        var working = WorkingName(account);
        if (!(await LookAsync(working, cancellation).ConfigureAwait(false)).Exists)
        {
            await template.EnsureAsync(await ServerPowers.ReadAsync(system, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
            await system.ExecuteApartAsync(
                $"{MakingOf(working)} TEMPLATE {Sql.Name(TemplateDatabase.Name)} ALLOW_CONNECTIONS false",
                cancellation).ConfigureAwait(false);
        }

        if (await TryPlaceAsync(working, account, cancellation).ConfigureAwait(false))
        {
            return true;
        }

        // Another one has the name, or the account is gone: nobody asks for this one again.
        await DropAsync(working, cancellation).ConfigureAwait(false);
        return false;
    }

    /// <summary>Whether the database of that name is the account's.</summary>
    public async Task<bool> IsMarkedAsync(Account account, CancellationToken cancellation) =>
        (await LookAsync(account.Id.Value, cancellation).ConfigureAwait(false)).Mark == MarkOf(account);

    /// <summary>
    /// Marks a database as the account's, and gives it the slug's name; false where another one has that, or the account is gone.
    /// </summary>
    public async Task<bool> TryPlaceAsync(string working, Account account, CancellationToken cancellation)
    {
        await system.ExecuteAsync(MarkingOf(working, account), cancellation).ConfigureAwait(false);
        try
        {
            await WhileItIsThereAsync(account, $"ALTER DATABASE {Sql.Name(working)} RENAME TO {Sql.Name(account.Id.Value)}", cancellation).ConfigureAwait(false);
            return await IsMarkedAsync(account, cancellation).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            return false;
        }
    }

    /// <summary>Marks a database that nobody has marked yet: one that has another's mark is somebody's.</summary>
    public async Task ClaimUnmarkedAsync(Account account, CancellationToken cancellation)
    {
        if (await LookAsync(account.Id.Value, cancellation).ConfigureAwait(false) is (true, null))
        {
            await WhileItIsThereAsync(account, MarkingOf(account.Id.Value, account), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Marks the database that was there before the account; false where it is another account's.</summary>
    public async Task<bool> TryClaimAsync(Account account, CancellationToken cancellation)
    {
        var (exists, mark) = await LookAsync(account.Id.Value, cancellation).ConfigureAwait(false);
        if (!exists || mark == MarkOf(account))
        {
            return true;
        }

        if (mark is not null && await ScalarAsync(
            "SELECT count(*) FROM public.accounts WHERE 'kataven ' || account_uid::text = $1", mark, cancellation).ConfigureAwait(false) > 0)
        {
            return false;
        }

        await system.ExecuteAsync($"ALTER DATABASE {Sql.Name(account.Id.Value)} OWNER TO CURRENT_USER", cancellation).ConfigureAwait(false);
        await WhileItIsThereAsync(account, MarkingOf(account.Id.Value, account), cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Lets the role in, and no other account's, nor one that the account had before.</summary>
    public async Task EnsureGrantsAsync(string name, Credential credential, CancellationToken cancellation)
    {
        var (database, role) = (Sql.Name(name), Sql.Name(credential.Role));
        foreach (var statement in await system.NamesAsync(Excess, [name, credential.Role], cancellation).ConfigureAwait(false))
        {
            await system.ExecuteAsync(statement, cancellation).ConfigureAwait(false);
        }

        await system.ExecuteAsync($"REVOKE ALL ON DATABASE {database} FROM PUBLIC", cancellation).ConfigureAwait(false);
        await system.ExecuteAsync($"GRANT CONNECT, TEMPORARY, CREATE ON DATABASE {database} TO {role}", cancellation).ConfigureAwait(false);
        await system.ExecuteAsync($"ALTER DATABASE {database} ALLOW_CONNECTIONS true", cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc cref="DatabaseSeal.MayCloseAsync"/>
    public Task<bool> MayCloseAsync(AccountId id, Credential credential, CancellationToken cancellation) =>
        seal.MayCloseAsync(id, credential, cancellation);

    /// <summary>Closes the database, stamps it, and gives the role the settings that every account's has.</summary>
    /// <param name="name">The database: the account's, or one that is to become it.</param>
    /// <param name="credential">The account's role and its own id.</param>
    /// <param name="isCopy">Whether the service made the database from the template.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task EnsureClosedAsync(string name, Credential credential, bool isCopy, CancellationToken cancellation)
    {
        var powers = await ServerPowers.ReadAsync(system, cancellation).ConfigureAwait(false);
        if (!(credential.WasStamped && name.StartsWith('_')))
        {
            // The role of an account that is served beside a database which is to become it has its settings.
            await seal.SettleRoleAsync(name, credential.Role, cancellation).ConfigureAwait(false);
        }

        await seal.CloseAsync(name, credential, isCopy, powers, cancellation).ConfigureAwait(false);
    }

    /// <summary>Gives the role schema <c>public</c> and, where the database was there before, all that is in it.</summary>
    public async Task EnsureOwnershipAsync(string name, Credential credential, CancellationToken cancellation)
    {
        var role = Sql.Name(credential.Role);
        await system.ExecuteAsync($"GRANT {role} TO CURRENT_USER", cancellation).ConfigureAwait(false);
        try
        {
            await CatalogRace.OutlastAsync(() => HandOverAsync(name, credential, cancellation), cancellation).ConfigureAwait(false);
        }
        finally
        {
            await system.ExecuteAsync($"REVOKE {role} FROM CURRENT_USER", cancellation).ConfigureAwait(false);
        }
    }

    private async Task HandOverAsync(string name, Credential credential, CancellationToken cancellation)
    {
        await using var connection = await system.OpenInAsync(name, cancellation).ConfigureAwait(false);
        await seal.DisarmAsync(connection, credential.WasStamped, cancellation).ConfigureAwait(false);
        // It was the account's, and so went with DROP OWNED BY.
        string[] schema = [$"CREATE SCHEMA IF NOT EXISTS public AUTHORIZATION {Sql.Name(credential.Role)}"];
        foreach (var statement in schema.Concat(await Handover.StatementsAsync(connection, credential.Role, cancellation).ConfigureAwait(false)))
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Removes the database, those that restores have replaced, and what an unfinished making left. One that is not marked as the
    /// account's stays.
    /// </summary>
    public async Task DropAsync(Account account, CancellationToken cancellation)
    {
        await system.EndStatementAsync(MakingOf(WorkingName(account)), cancellation).ConfigureAwait(false);
        await DropAsync(WorkingName(account), cancellation).ConfigureAwait(false);
        foreach (var replaced in await system.NamesAsync(
            "SELECT datname::text FROM pg_database WHERE datname ~ '^_[0-9a-f]{32}r$' AND shobj_description(oid, 'pg_database') = $1",
            [ReplacedMarkOf(account)],
            cancellation).ConfigureAwait(false))
        {
            await DropAsync(replaced, cancellation).ConfigureAwait(false);
        }

        if (await IsMarkedAsync(account, cancellation).ConfigureAwait(false))
        {
            await TakeNameAsync(account, cancellation).ConfigureAwait(false);
            await DropAsync(WorkingName(account), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Takes the slug's name from the account's database: what has it by the time that it is dropped may be another account's, and a name
    /// made of the account's own id is nobody else's ever.
    /// </summary>
    private async Task TakeNameAsync(Account account, CancellationToken cancellation)
    {
        var slug = account.Id.Value;
        var rename = $"""
            IF EXISTS (SELECT FROM pg_database d WHERE d.datname = {Sql.Literal(slug)} AND shobj_description(d.oid, 'pg_database') = {Sql.Literal(MarkOf(account))}) THEN
                PERFORM pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE a.datname = {Sql.Literal(slug)} AND {SystemDatabase.MayEnd};
                ALTER DATABASE {Sql.Name(slug)} RENAME TO {Sql.Name(WorkingName(account))};
            END IF
            """;
        for (var tries = 1; ; tries++)
        {
            try
            {
                await WhileItIsThereAsync(account, rename, cancellation).ConfigureAwait(false);
                return;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse && tries < NameTries)
            {
                // Somebody came in between.
            }
        }
    }

    /// <summary>
    /// Runs a statement where the account's row is there, and stays there meanwhile: all of it is one statement for the server, so that
    /// whoever freezes here cannot wake in between.
    /// </summary>
    private Task WhileItIsThereAsync(Account account, string statement, CancellationToken cancellation) => system.ExecuteApartAsync(
        $"""
        DO $kataven$ BEGIN
            PERFORM 1 FROM public.accounts a WHERE a.account_id = {Sql.Literal(account.Id.Value)} AND a.account_uid = {Sql.Literal(account.Uid.ToString())} FOR KEY SHARE;
            IF FOUND THEN
                {statement};
            END IF;
        END $kataven$
        """,
        cancellation);

    public static string MarkOf(Account account) => $"kataven {account.Uid:D}";

    /// <summary>Of a database that a restore took the account's name from.</summary>
    public static string ReplacedMarkOf(Account account) => $"kataven replaced {account.Uid:D}";

    /// <summary>Names that begin with <c>_</c> are the service's own, and never an account's.</summary>
    private static string WorkingName(Account account) => $"_{account.Uid:N}";

    private static string MakingOf(string database) => $"CREATE DATABASE {Sql.Name(database)}";

    private static string MarkingOf(string database, Account account) => $"COMMENT ON DATABASE {Sql.Name(database)} IS {Sql.Literal(MarkOf(account))}";

    private Task DropAsync(string database, CancellationToken cancellation) =>
        system.ExecuteApartAsync($"DROP DATABASE IF EXISTS {Sql.Name(database)} WITH (FORCE)", cancellation);

    private async Task<(bool Exists, string? Mark)> LookAsync(string database, CancellationToken cancellation)
    {
        await using var command = system.Command("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1");
        command.Parameters.Add(new() { Value = database });
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false) ? (true, reader.IsDBNull(0) ? null : reader.GetString(0)) : default;
    }

    private async Task<long> ScalarAsync(string sql, string parameter, CancellationToken cancellation)
    {
        await using var command = system.Command(sql);
        command.Parameters.Add(new() { Value = parameter });
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }
}
