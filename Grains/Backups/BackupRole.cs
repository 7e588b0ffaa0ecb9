using System.Security.Cryptography;
using Kataven.Grains.Accounts;
using Kataven.Grains.Isolation;

namespace Kataven.Grains.Backups;

/// <summary>
/// The role of this system that dumps: it reads all of each account's database, whatever its policies say, and writes nothing. It may
/// enter those databases alone that it was let into; it is used for nothing else, and its password lies where the accounts' lie.
/// </summary>
internal sealed class BackupRole(SystemDatabase system, SecretBox box)
{
    /// <summary>Three for each dump that may run at one time, and some that are about to end.</summary>
    private const int ConnectionLimit = 200;

    /// <summary>What it is a member of. The second reads every table and sequence, also those that are made later.</summary>
    private static readonly string[] Groups = [BackupGroup.Name, "pg_read_all_data"];

    /// <summary>
    /// Large objects have no such group, and belong to whom they belong: the third setting lets a reader pass, and only a superuser
    /// can give it to a role.
    /// </summary>
    private static readonly (string Name, string Value)[] Settings =
        [("default_transaction_read_only", "on"), ("search_path", "pg_catalog"), ("lo_compat_privileges", "on")];

    /// <summary>Whether the database was closed with the grants in it.</summary>
    private const string IsOpen = $"""
        SELECT pg_catalog.bool_and(pg_catalog.has_table_privilege('{BackupGroup.Name}', c.oid, 'SELECT'))
               AND pg_catalog.has_function_privilege('{BackupGroup.Name}', 'pg_catalog.pg_export_snapshot()', 'EXECUTE')
          FROM pg_catalog.pg_class c
         WHERE c.relnamespace = 'pg_catalog'::regnamespace
           AND c.relname IN ('pg_database', 'pg_subscription', 'pg_shdescription', 'pg_shseclabel', 'pg_db_role_setting', 'pg_auth_members')
        """;

    /// <summary>Makes the role, or puts it back to what it should be; null where the service may make none.</summary>
    public async Task<(string Role, string Password)?> EnsureAsync(CancellationToken cancellation)
    {
        if (!(await ServerPowers.ReadAsync(system, cancellation).ConfigureAwait(false)).IsSuperuser)
        {
            return null;
        }

        var (role, password) = await CredentialAsync(cancellation).ConfigureAwait(false);
        await system.ExecuteAsync(BackupGroup.Make, cancellation).ConfigureAwait(false);
        await system.ExecuteAsync(MakeOf(role), cancellation).ConfigureAwait(false);
        await system.ExecuteAsync(
            $"ALTER ROLE {Sql.Name(role)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION INHERIT BYPASSRLS CONNECTION LIMIT {ConnectionLimit} "
            + $"VALID UNTIL 'infinity' PASSWORD {Sql.Literal(ScramVerifier.Of(password))}",
            cancellation).ConfigureAwait(false);
        await SettleAsync(role, cancellation).ConfigureAwait(false);
        await JoinAsync(role, cancellation).ConfigureAwait(false);
        return (role, password);
    }

    /// <summary>Lets the role into a database of an account's, or of an operation's, and lets it read there what a dump reads.</summary>
    public async Task GrantAsync(string database, string role, CancellationToken cancellation)
    {
        if (await system.NamesAsync(
            "SELECT datname::text FROM pg_database WHERE datname = $1 AND NOT has_database_privilege($2, oid, 'CONNECT')", [database, role], cancellation).ConfigureAwait(false) is [_])
        {
            await system.ExecuteAsync($"GRANT CONNECT ON DATABASE {Sql.Name(database)} TO {Sql.Name(role)}", cancellation).ConfigureAwait(false);
        }

        await using var inside = await system.OpenInAsync(database, cancellation).ConfigureAwait(false);
        await using var command = new Npgsql.NpgsqlCommand(IsOpen, inside);
        if (await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is not true)
        {
            await IsolationScripts.RunAsync(inside, IsolationScripts.OpenToBackup, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>All at once, and only where something is otherwise: another dump may log in at this moment.</summary>
    private async Task SettleAsync(string role, CancellationToken cancellation)
    {
        var present = await system.NamesAsync(
            "SELECT unnest(s.setconfig) FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole WHERE r.rolname = $1", [role], cancellation).ConfigureAwait(false);
        if (!present.Order(StringComparer.Ordinal).SequenceEqual(Settings.Select(setting => $"{setting.Name}={setting.Value}").Order(StringComparer.Ordinal)))
        {
            var sets = Settings.Select(setting => $"ALTER ROLE {Sql.Name(role)} SET {setting.Name} = {Sql.Literal(setting.Value)}");
            await system.ExecuteAsync($"ALTER ROLE {Sql.Name(role)} RESET ALL; {string.Join("; ", sets)}", cancellation).ConfigureAwait(false);
        }
    }

    private async Task JoinAsync(string role, CancellationToken cancellation)
    {
        var joined = await system.NamesAsync(
            "SELECT g.rolname::text FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member WHERE m.rolname = $1",
            [role],
            cancellation).ConfigureAwait(false);
        foreach (var group in Groups.Except(joined))
        {
            await system.ExecuteAsync($"GRANT {Sql.Name(group)} TO {Sql.Name(role)}", cancellation).ConfigureAwait(false);
        }

        foreach (var group in joined.Except(Groups))
        {
            await system.ExecuteAsync($"REVOKE {Sql.Name(group)} FROM {Sql.Name(role)}", cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Another process of this system may make it at the same moment.</summary>
    private static string MakeOf(string role) => $"""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {Sql.Literal(role)}) THEN
                CREATE ROLE {Sql.Name(role)} NOLOGIN;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
        """;

    private async Task<(string Role, string Password)> CredentialAsync(CancellationToken cancellation)
    {
        if (await ReadAsync(cancellation).ConfigureAwait(false) is not var (role, stored))
        {
            var name = $"{BackupGroup.Name}_{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
            await WriteAsync(
                "INSERT INTO kataven.backup_role (role_name, password) VALUES ($1, $2) ON CONFLICT (only_row) DO NOTHING",
                [name, box.Close(NewPassword(), name)],
                cancellation).ConfigureAwait(false);
            (role, stored) = (await ReadAsync(cancellation).ConfigureAwait(false))!.Value;
        }

        // One that nobody can open any more costs nothing but another: only the service knows the role.
        var state = box.StateOf(stored, role);
        var password = state == PasswordState.Unreadable ? NewPassword() : box.Open(stored, role);
        if (state != PasswordState.Current)
        {
            await WriteAsync("UPDATE kataven.backup_role SET password = $1 WHERE password = $2", [box.Close(password, role), stored], cancellation).ConfigureAwait(false);
        }

        return (role, password);
    }

    private async Task<(string Role, string Stored)?> ReadAsync(CancellationToken cancellation)
    {
        await using var command = system.Command("SELECT role_name, password FROM kataven.backup_role");
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false) ? (reader.GetString(0), reader.GetString(1)) : null;
    }

    private async Task WriteAsync(string sql, string[] parameters, CancellationToken cancellation)
    {
        await using var command = system.Command(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static string NewPassword() => RandomNumberGenerator.GetHexString(48, lowercase: true);
}
