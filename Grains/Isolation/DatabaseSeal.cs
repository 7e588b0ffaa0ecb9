using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Npgsql;

namespace Kataven.Grains.Isolation;

/// <summary>
/// Closes an account's database and puts its role's settings in place. All of it can be repeated: after a crash, after an
/// upgrade of the service or of the server, and after an account has changed what is its own to change.
/// </summary>
internal sealed class DatabaseSeal(SystemDatabase system)
{
    /// <summary>The guard's event triggers, by all that makes them the guard's but the bodies, which another version's differ in.</summary>
    private const string GuardTriggers = """
        SELECT g.oid FROM pg_event_trigger g
          JOIN pg_roles o ON o.oid = g.evtowner JOIN pg_proc p ON p.oid = g.evtfoid
          JOIN pg_roles po ON po.oid = p.proowner JOIN pg_namespace n ON n.oid = p.pronamespace
          JOIN (VALUES ('_kataven_start', 'ddl_command_start', 'ddl_start', $1::text), ('_kataven_end', 'ddl_command_end', 'ddl_end', $2)) e (name, event, function, body)
            ON g.evtname = e.name AND g.evtevent = e.event AND p.proname = e.function
         WHERE o.rolsuper AND po.rolsuper AND n.nspname = '_kataven' AND NOT p.prosecdef
        """;

    /// <summary>Takes back what a role can do to itself, and gives it what every account's role has.</summary>
    public async Task SettleRoleAsync(string database, string role, CancellationToken cancellation)
    {
        var name = Sql.Name(role);
        await system.ExecuteAsync($"ALTER ROLE {name} RESET ALL", cancellation).ConfigureAwait(false);
        await system.ExecuteAsync($"ALTER ROLE {name} IN DATABASE {Sql.Name(database)} RESET ALL", cancellation).ConfigureAwait(false);
        foreach (var setting in RoleSetting.All)
        {
            try
            {
                await system.ExecuteAsync($"ALTER ROLE {name} SET {setting.Name} = {Sql.Literal(setting.Value)}", cancellation).ConfigureAwait(false);
            }
            catch (PostgresException exception) when (setting.Holds && exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                // Without a superuser the server's own setting holds; the report of the server says so.
            }
        }
    }

    /// <summary>Whether the database may be put in order for this account. One that is another's is left exactly as it is.</summary>
    public async Task<bool> MayCloseAsync(AccountId id, Credential credential, CancellationToken cancellation)
    {
        await using var inside = await system.OpenInAsync(id, cancellation).ConfigureAwait(false);
        if (!credential.WasStamped && await IsPlantedAsync(inside, cancellation).ConfigureAwait(false))
        {
            return false;
        }

        var stamp = await DatabaseStamp.ReadAsync(inside, cancellation).ConfigureAwait(false);
        if (!stamp.IsOurs || stamp.Found?.AccountUid is not { } uid)
        {
            return stamp.IsOurs && !credential.WasStamped;
        }

        return uid == credential.AccountUid || (!credential.WasStamped && !await IsSomebodysAsync(uid, cancellation).ConfigureAwait(false));
    }

    /// <summary>
    /// Whether a database that the service never closed has something where the service's own sessions would run it. Without a
    /// superuser there is much there that the server's makers put there.
    /// </summary>
    private async Task<bool> IsPlantedAsync(NpgsqlConnection inside, CancellationToken cancellation)
    {
        if (!(await ServerPowers.ReadAsync(system, cancellation).ConfigureAwait(false)).IsSuperuser)
        {
            return false;
        }

        await using var command = new NpgsqlCommand(IsolationScripts.Planted, inside);
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is not null;
    }

    /// <summary>Whether an account has this uid. One whose row was removed leaves a database that a new row may adopt.</summary>
    private async Task<bool> IsSomebodysAsync(Guid uid, CancellationToken cancellation)
    {
        await using var command = system.Command("SELECT EXISTS (SELECT FROM public.accounts WHERE account_uid = $1)");
        command.Parameters.Add(new() { Value = uid });
        return (bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>
    /// What has to be done before anything else is, and before the database is handed over: its event triggers are disabled, which
    /// any other DDL would fire; and what somebody added to an extension becomes an ordinary object again, which by it would stay a
    /// superuser's.
    /// </summary>
    public async Task DisarmAsync(NpgsqlConnection inside, bool wasStamped, CancellationToken cancellation)
    {
        if (!(await ServerPowers.ReadAsync(system, cancellation).ConfigureAwait(false)).IsSuperuser)
        {
            // They stay, and so do their functions with whoever has them: the report of the account says so.
            return;
        }

        await DisableEventTriggersAsync(inside, wasStamped, cancellation).ConfigureAwait(false);
        await using var command = new NpgsqlCommand(IsolationScripts.Detach, inside);
        await StatementList.RunAsync(command, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Event triggers of whoever had the database before run in the service's own sessions, with its rights, whatever they were
    /// made for and whatever their names. Changing them fires none.
    /// </summary>
    /// <param name="inside">A connection to the database.</param>
    /// <param name="wasStamped">Whether the service closed it before: then an older version's guard holds until this one's is there.</param>
    /// <param name="cancellation">Ends it.</param>
    private static async Task DisableEventTriggersAsync(NpgsqlConnection inside, bool wasStamped, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT format('ALTER EVENT TRIGGER %I DISABLE', t.evtname) FROM pg_event_trigger t
             WHERE t.evtenabled <> 'D' AND t.oid NOT IN ({GuardTriggers} AND ($3 OR p.prosrc = e.body))
            """,
            inside);
        command.Parameters.Add(new() { Value = IsolationScripts.GuardStart });
        command.Parameters.Add(new() { Value = IsolationScripts.GuardEnd });
        command.Parameters.Add(new() { Value = wasStamped });
        await StatementList.RunAsync(command, cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes from the account what acts with a superuser's rights and could not be handed over. When the database is closed.</summary>
    private static async Task WithdrawAsync(NpgsqlConnection inside, string role, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT DISTINCT format('REVOKE ALL ON %s %s FROM %s CASCADE', f.kind, f.what, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident($1) END)
              FROM ({IsolationScripts.ForeignRights}) f CROSS JOIN aclexplode(f.acl) a
             WHERE a.grantee = 0 OR a.grantee = (SELECT r.oid FROM pg_roles r WHERE r.rolname = $1)
            """,
            inside);
        command.Parameters.Add(new() { Value = role });
        await StatementList.RunAsync(command, cancellation).ConfigureAwait(false);
    }

    /// <summary>Closes the database unless it is a fresh copy of the template, and stamps it with whose it is.</summary>
    /// <param name="database">The database.</param>
    /// <param name="credential">The account's role and its own id.</param>
    /// <param name="isCopy">Whether the service made the database: nothing in one that was there before says that it is closed.</param>
    /// <param name="powers">What can be had on this server.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task CloseAsync(string database, Credential credential, bool isCopy, ServerPowers powers, CancellationToken cancellation)
    {
        await using var inside = await system.OpenInAsync(database, cancellation).ConfigureAwait(false);
        await IsolationScripts.RunAsync(inside, IsolationScripts.Identity, cancellation).ConfigureAwait(false);
        if (powers.IsSuperuser && !(isCopy && await IsClosedAsync(inside, cancellation).ConfigureAwait(false)))
        {
            await IsolationScripts.RunAsync(inside, IsolationScripts.Harden, cancellation).ConfigureAwait(false);
            await IsolationScripts.RunAsync(inside, IsolationScripts.Guard, cancellation).ConfigureAwait(false);
            await WithdrawAsync(inside, credential.Role, cancellation).ConfigureAwait(false);
        }

        await StampAsync(inside, credential.AccountUid, powers.Major, cancellation).ConfigureAwait(false);
    }

    /// <summary>A copy of the template has the guard and no stamp; anything else is closed anew.</summary>
    private static async Task<bool> IsClosedAsync(NpgsqlConnection inside, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT count(*) = 2 AND NOT EXISTS (SELECT FROM _kataven.identity) FROM ({GuardTriggers} AND p.prosrc = e.body) g",
            inside);
        command.Parameters.Add(new() { Value = IsolationScripts.GuardStart });
        command.Parameters.Add(new() { Value = IsolationScripts.GuardEnd });
        return (bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    private static async Task StampAsync(NpgsqlConnection inside, Guid uid, int major, CancellationToken cancellation)
    {
        await ForgetAnswersAsync(inside, uid, cancellation).ConfigureAwait(false);
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO _kataven.identity (account_uid, isolation_version, server_major) VALUES ($1, $2, $3)
            ON CONFLICT (only_row) DO UPDATE SET account_uid = excluded.account_uid, isolation_version = excluded.isolation_version,
                                                 server_major = excluded.server_major
            """,
            inside);
        command.Parameters.Add(new() { Value = uid });
        command.Parameters.Add(new() { Value = IsolationScripts.Version });
        command.Parameters.Add(new() { Value = major });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>A copy of another account's database has the answers that were kept for that one's clients.</summary>
    private static async Task ForgetAnswersAsync(NpgsqlConnection inside, Guid uid, CancellationToken cancellation)
    {
        await using var other = new NpgsqlCommand("SELECT count(*) FROM _kataven.identity WHERE account_uid <> $1", inside);
        other.Parameters.Add(new() { Value = uid });
        // Not the account's own: it may have the table locked, and its database is to be put in order all the same.
        if ((long)(await other.ExecuteScalarAsync(cancellation).ConfigureAwait(false))! > 0)
        {
            await using var command = new NpgsqlCommand("DELETE FROM _kataven.idempotency", inside);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }
}
