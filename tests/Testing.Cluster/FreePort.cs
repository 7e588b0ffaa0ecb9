using System.Net;
using System.Net.Sockets;

namespace Kataven.Testing.Cluster;

/// <summary>Ports on loopback that nobody listens on.</summary>
public static class FreePort
{
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
