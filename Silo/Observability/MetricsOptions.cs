using System.ComponentModel.DataAnnotations;

namespace Kataven.Observability;

/// <summary>What the metrics tell.</summary>
internal sealed class MetricsOptions
{
    public const string Section = "Kataven:Metrics";

    /// <summary>Accounts that the management address names, the busiest; the others are one series, <c>_other</c>. 0 to 1000.</summary>
    [Range(0, 1000)]
    public int BusiestAccounts { get; set; } = 20;
}
