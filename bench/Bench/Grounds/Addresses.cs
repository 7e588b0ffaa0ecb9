using System.Net;
using System.Net.Sockets;

namespace Kataven.Bench.Grounds;

/// <summary>A free loopback port for each program, the same for the whole run: tokens name the address of their issuer.</summary>
internal sealed class Addresses
{
    private readonly Dictionary<string, int> _ports = [];

    public int PortOf(string program)
    {
        if (!_ports.TryGetValue(program, out var port))
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            _ports[program] = port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        return port;
    }

    public Uri Of(string program) => new($"http://127.0.0.1:{PortOf(program)}");
}
