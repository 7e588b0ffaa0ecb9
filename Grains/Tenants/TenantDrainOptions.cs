using System.ComponentModel.DataAnnotations;

namespace Kataven.Grains.Tenants;

/// <summary>How the accounts of a silo that stops move to others.</summary>
internal sealed class TenantDrainOptions
{
    public const string Section = "Kataven:Drain";

    /// <summary>Accounts that are on their way at a time: 1 to 1,000. Each opens its connections anew on another silo.</summary>
    [Range(1, 1000)]
    public int MovesAtOnce { get; set; } = 8;
}
