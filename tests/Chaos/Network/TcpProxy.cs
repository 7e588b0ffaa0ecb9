using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Kataven.Chaos.Network;

/// <summary>A port on loopback behind which another one is, until the connections between them are cut.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Link, bool> _links = new();
    private readonly int _target;
    private readonly Task _accepting;

    public TcpProxy(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Resets every connection, on both sides, whatever is on its way.</summary>
    /// <returns>How many there were.</returns>
    public int Cut()
    {
        var links = _links.Keys.ToList();
        links.ForEach(link => link.Cut());
        return links.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        Cut();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                _ = ServeAsync(client);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // It is asked again whether this is the end.
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var link = new Link(client);
        _links[link] = true;
        await link.RunAsync(new IPEndPoint(IPAddress.Loopback, _target));
        _links.TryRemove(link, out _);
    }
}
