using System.Net;
using System.Net.Sockets;

namespace Kataven.Postgres.Embedded;

internal static class LoopbackPort
{
    /// <summary>The preferred port where it is free, else one that was free a moment ago.</summary>
    public static int Choose(int preferred) => preferred > 0 && TryBind(preferred) is { } same ? same : TryBind(0)!.Value;

    private static int? TryBind(int port)
    {
        using var listener = new TcpListener(IPAddress.Parse(EmbeddedPostgres.LoopbackAddress), port);
        try
        {
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
