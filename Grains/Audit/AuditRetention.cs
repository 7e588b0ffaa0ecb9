using Kataven.Grains.Housekeeping;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Audit;

/// <summary>Deletes old entries of the audit log.</summary>
internal sealed class AuditRetention(BatchedDeletion deletion, IOptions<AuditOptions> options) : IHousekeeping
{
    public Task TidyAsync(CancellationToken cancellation) => deletion.RunAsync(
        "DELETE FROM kataven.audit WHERE id IN (SELECT id FROM kataven.audit WHERE at < now() - make_interval(secs => $1) ORDER BY at LIMIT $2)",
        options.Value.KeepFor,
        cancellation);
}
