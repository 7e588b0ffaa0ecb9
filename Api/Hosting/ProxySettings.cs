using System.Net;

namespace Kataven.Api.Hosting;

/// <summary>Whose word is taken about where a request comes from.</summary>
internal sealed class ProxySettings
{
    /// <summary>A list, and read as one: this is no section to bind.</summary>
    public const string Setting = "Kataven:Proxies:Known";

    /// <summary>Addresses of proxies, or networks with nothing else in them: <c>10.0.0.5</c>, <c>10.1.0.0/16</c>. None by default.</summary>
    public IReadOnlyList<string> Known { get; set; } = [];

    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }
}
