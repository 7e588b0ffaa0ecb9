using Kataven.Grains.Accounts;
using NpgsqlTypes;

namespace Kataven.Grains.Connections.Budget;

/// <summary>Counts connections of accounts that no silo answers for: those of silos that died, and what somebody else has opened.</summary>
internal sealed class OrphanCount(SystemDatabase system)
{
    /// <summary>What the server's clock says.</summary>
    public async Task<DateTime> NowAsync(CancellationToken cancellation)
    {
        await using var command = system.Command("SELECT clock_timestamp()");
        return (DateTime)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <param name="known">Processes that silos answer for.</param>
    /// <param name="before">Later ones are not counted: a silo may be opening them this very moment.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<int> CountAsync(IEnumerable<int> known, DateTime before, CancellationToken cancellation)
    {
        await using var command = system.Command("""
            SELECT count(*)::int FROM pg_stat_activity a
             WHERE a.usename IN (SELECT role_name FROM public.accounts)
               AND a.pid <> ALL ($1)
               -- A role that is no superuser does not see when another's began.
               AND (a.backend_start IS NULL OR a.backend_start < $2)
            """);
        command.Parameters.Add(new() { Value = known.ToArray() });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = before });
        return (int)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }
}
