using System.ComponentModel.DataAnnotations;

namespace Kataven.Membership;

/// <summary>Where a member of the cluster listens for the others.</summary>
internal sealed class SiloSettings
{
    public const string Section = "Kataven:Silo";

    /// <summary>The port for other members; 0 takes a free one. Default: 11111, and for a front door a free one.</summary>
    [Range(0, 65535)]
    public int? SiloPort { get; set; }

    /// <summary>The port for external clients; 0 for none. Default: 30000, and for a front door none.</summary>
    [Range(0, 65535)]
    public int? GatewayPort { get; set; }

    /// <summary>
    /// The address, or the name of one, by which the others reach this process. Where this machine has it the ports listen
    /// on it alone, else on every interface: whoever reaches them reaches every account.
    /// </summary>
    [Required]
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>The member's name in the cluster's overview; by default the machine's name and the port.</summary>
    public string? Name { get; set; }
}
