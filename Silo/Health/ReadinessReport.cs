using System.Collections.Immutable;

namespace Kataven.Health;

/// <summary>What <c>/health/ready</c> says.</summary>
/// <param name="IsReady">Requests may come.</param>
/// <param name="Status"><c>ready</c>, <c>degraded</c>, <c>starting</c> or <c>draining</c>.</param>
/// <param name="Away">What is away: <c>system_database</c>, or <c>cluster</c> where no silo answers.</param>
internal sealed record ReadinessReport(bool IsReady, string Status, ImmutableArray<string> Away)
{
    public static readonly ReadinessReport Starting = new(false, "starting", []);

    public static readonly ReadinessReport Draining = new(false, "draining", []);

    private static readonly ReadinessReport Ready = new(true, "ready", []);

    public static ReadinessReport Of(ImmutableArray<string> away) => away.IsEmpty ? Ready : new(true, "degraded", away);
}
