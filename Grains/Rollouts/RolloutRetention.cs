using Kataven.Grains.Audit;
using Kataven.Grains.Housekeeping;
using Kataven.Rollouts;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Rollouts;

/// <summary>Forgets rollouts that ended long ago, and how their accounts did.</summary>
internal sealed class RolloutRetention(IGrainFactory grains, IOptions<AuditOptions> options, TimeProvider time) : IHousekeeping
{
    public Task TidyAsync(CancellationToken cancellation) =>
        grains.GetGrain<IRolloutBoardGrain>(0).ForgetAsync(time.GetUtcNow() - options.Value.KeepFor).WaitAsync(cancellation);
}
