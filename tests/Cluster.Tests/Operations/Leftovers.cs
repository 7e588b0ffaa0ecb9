namespace Kataven.Cluster.Tests.Operations;

/// <summary>What no operation may leave behind, whatever became of it.</summary>
public static class Leftovers
{
    private const string Query = """
        SELECT coalesce(string_agg(what, E'\n'), '') FROM (
            SELECT 'database ' || datname FROM pg_database WHERE starts_with(datname, '_') AND datname <> '_kataven_template'
            UNION ALL SELECT 'role ' || rolname FROM pg_roles WHERE rolname ~ '^t_' AND rolname NOT IN (SELECT role_name FROM public.accounts WHERE role_name IS NOT NULL)
            UNION ALL SELECT 'credential of ' || account_id FROM kataven.credentials WHERE account_id NOT IN (SELECT account_id FROM public.accounts)
            UNION ALL SELECT 'account ' || account_id || ' ' || status FROM public.accounts WHERE status NOT IN ('active', 'suspended')
            UNION ALL SELECT 'claim on ' || account_id FROM kataven.operation_claim
            UNION ALL SELECT 'operation ' || kind || ' ' || account_id || ' at ' || step FROM kataven.operation WHERE status = 'running'
            UNION ALL SELECT 'backup of ' || account_id || ' ' || status FROM kataven.backup WHERE status = 'running'
            UNION ALL SELECT 'audit of ' || account_id || ' ' || outcome FROM kataven.audit WHERE action LIKE 'operation %' AND outcome = 'started') AS left_over (what)
        """;

    public static async Task<HashSet<string>> ReadAsync(KilledService service)
    {
        var left = (await service.ScalarAsync<string>(Query)).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        var known = (await service.ScalarAsync<string>(
            "SELECT coalesce(string_agg(replace(account_uid || '/' || backup_id, '-', '') || '.dump', E'\n'), '') FROM kataven.backup WHERE status = 'complete'")).Split('\n');
        left.UnionWith(service.Backups.EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(service.Backups.FullName, file.FullName)).Except(known).Select(file => $"file {file}"));
        return left;
    }

    /// <summary>Nothing is there that was not before, but what may be.</summary>
    public static async Task AssertNoneAsync(KilledService service, HashSet<string> before, IEnumerable<string> allowed) =>
        Assert.Equal("", string.Join('\n', (await ReadAsync(service)).Except(before).Except(allowed).Order()));
}
