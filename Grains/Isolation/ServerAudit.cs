using System.Collections.Immutable;
using Kataven.Grains.Accounts;
using Kataven.Isolation;

namespace Kataven.Grains.Isolation;

/// <summary>Looks over the whole server: settings, what cannot be had here, and databases or roles that are not as they should be.</summary>
internal sealed class ServerAudit(SystemDatabase system, CredentialStore credentials)
{
    /// <summary>Returns rows only where something is wrong.</summary>
    private static readonly string Question = $$"""
        SELECT 'PUBLIC can connect to ' || CASE WHEN d.datname = current_database() THEN 'the system database' ELSE d.datname END
          FROM pg_database d
         WHERE d.datallowconn AND EXISTS (SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a WHERE a.grantee = 0 AND a.privilege_type = 'CONNECT')
           AND (d.datname IN (SELECT database_name FROM public.accounts WHERE role_name IS NOT NULL) OR d.datname IN ('postgres', 'template1', current_database()))
        UNION ALL
        SELECT 'database ' || d.datname || ' belongs to the role of an account'
          FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE r.rolname IN (SELECT role_name FROM public.accounts)
        UNION ALL
        SELECT 'role ' || r.rolname || ' has attributes that no account has'
          FROM pg_roles r
         WHERE r.rolname IN (SELECT role_name FROM public.accounts)
           AND (r.rolsuper OR r.rolcreatedb OR r.rolcreaterole OR r.rolreplication OR r.rolbypassrls OR r.rolinherit OR r.rolconnlimit < 0)
        UNION ALL
        SELECT 'role ' || r.rolname || ' is a member of ' || g.rolname
          FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member JOIN pg_roles g ON g.oid = m.roleid
         WHERE r.rolname IN (SELECT role_name FROM public.accounts)
        UNION ALL
        SELECT 'database ' || d.datname || ' lets in ' || count(DISTINCT a.grantee) || ' accounts'
          FROM pg_database d, aclexplode(d.datacl) a JOIN pg_roles r ON r.oid = a.grantee
         WHERE r.rolname IN (SELECT role_name FROM public.accounts) GROUP BY d.datname HAVING count(DISTINCT a.grantee) > 1
        UNION ALL
        SELECT 'prepared transaction ' || gid FROM pg_prepared_xacts
        UNION ALL
        SELECT 'replication slot ' || slot_name FROM pg_replication_slots WHERE slot_type = 'logical'
        UNION ALL
        SELECT 'the template of new databases can be entered: it is made anew at the next start'
          FROM pg_database d
         WHERE d.datname = '{{TemplateDatabase.Name}}'
           AND (d.datallowconn OR d.datacl IS NULL OR EXISTS (SELECT FROM aclexplode(d.datacl) a WHERE a.grantee = 0))
        UNION ALL
        SELECT 'role ' || r.rolname || ' is named like an account''s, and no account has it'
          FROM pg_roles r WHERE r.rolname ~ '{{RoleName.Pattern}}' AND r.rolname NOT IN (SELECT role_name FROM kataven.credentials)
        UNION ALL
        SELECT count(*) || ' accounts were closed by an older version: they are brought up to date when they are used next, or repaired'
          FROM public.accounts WHERE isolation_version < {{IsolationScripts.Version}} HAVING count(*) > 0
        """;

    public async Task<ServerIsolationReport> ReportAsync(CancellationToken cancellation)
    {
        var powers = await ServerPowers.ReadAsync(system, cancellation).ConfigureAwait(false);
        return new ServerIsolationReport(
            (await system.NamesAsync("SHOW server_version", [], cancellation).ConfigureAwait(false))[0],
            IsolationScripts.Version,
            await SettingsAsync(powers.Major, cancellation).ConfigureAwait(false),
            [.. Missing(powers)],
            [.. await system.NamesAsync(Question, [], cancellation).ConfigureAwait(false), .. await PasswordsAsync(cancellation).ConfigureAwait(false)]);
    }

    public static IEnumerable<IsolationFinding> Missing(ServerPowers powers)
    {
        if (powers.IsSuperuser)
        {
            yield break;
        }

        const string why = "The service's role is no superuser.";
        yield return new("catalog_privileges", false, $"{why} An account can read the names of databases and roles, and what others do, from the catalogs.");
        yield return new("catalog_views", false, $"{why} An account can read the names of all roles, which are random digits.");
        yield return new("large_objects", false, $"{why} An account can make large objects without end, and fill the server's lock table by removing them at once.");
        yield return new("guard_triggers", false, $"{why} An account can put functions of its own into indexes, which autovacuum then runs without a time limit, and create trusted languages.");
        yield return new("role_settings", false, $"{why} temp_file_limit and the logging of an account's errors are what the server's own settings say.");
    }

    public async Task<ImmutableArray<SettingFinding>> SettingsAsync(int major, CancellationToken cancellation)
    {
        var found = new Dictionary<string, string>();
        await using var command = system.Command("SELECT name, setting FROM pg_settings WHERE name = ANY ($1)");
        command.Parameters.Add(new() { Value = ServerSetting.All.Select(setting => setting.Name).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            found[reader.GetString(0)] = reader.GetString(1);
        }

        return
        [
            .. ServerSetting.All
                .Where(setting => setting.FromMajor <= major && found.TryGetValue(setting.Name, out var value) && !setting.IsGood(value))
                .Select(setting => new SettingFinding(setting.Name, found[setting.Name], setting.Recommended, setting.Opens)),
        ];
    }

    private async Task<IEnumerable<string>> PasswordsAsync(CancellationToken cancellation)
    {
        var counts = await credentials.CountAsync(cancellation).ConfigureAwait(false);
        return counts.Where(state => state.Value > 0 && state.Key != PasswordState.Current).Select(state => state.Key switch
        {
            PasswordState.Former => $"passwords of {state.Value} accounts are encrypted with one of Kataven:Secrets:FormerKeys: rotate them",
            PasswordState.Clear => $"passwords of {state.Value} accounts are not encrypted, although there is a key: rotate them",
            _ => $"passwords of {state.Value} accounts are encrypted with a key that is neither Kataven:Secrets:Key nor one of Kataven:Secrets:FormerKeys",
        });
    }
}
