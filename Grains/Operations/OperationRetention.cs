using Kataven.Grains.Audit;
using Kataven.Grains.Housekeeping;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Operations;

/// <summary>
/// Deletes operations that ended long ago, but for those of which a database is there: what a restore replaced may be kept for longer
/// than operations are, is swapped back by the operation's id, and would be nobody's without it, and stay for ever.
/// </summary>
internal sealed class OperationRetention(BatchedDeletion deletion, IOptions<AuditOptions> options) : IHousekeeping
{
    /// <summary>None ended before it began, and there is an index on when they began.</summary>
    public Task TidyAsync(CancellationToken cancellation) => deletion.RunAsync(
        """
        DELETE FROM kataven.operation WHERE operation_id IN (
            SELECT operation_id FROM kataven.operation
             WHERE status <> 'running' AND created_at < now() - make_interval(secs => $1) AND finished_at < now() - make_interval(secs => $1)
               AND operation_id NOT IN (SELECT substr(datname::text, 2, 32)::uuid FROM pg_database WHERE datname ~ '^_[0-9a-f]{32}r?$')
             ORDER BY created_at LIMIT $2)
        """,
        options.Value.KeepFor,
        cancellation);
}
