using System.Net;
using System.Net.Sockets;

namespace Kataven.Grains.Tests.Connections;

/// <summary>A way to a server on which everything the server says can be held back, and comes in one piece then.</summary>
internal sealed class HeldRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly MemoryStream _held = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TcpClient? _client;
    private TcpClient? _server;
    private volatile bool _isHolding;

    public HeldRelay(string host, int port)
    {
        _listener.Start();
        _ = RunAsync(host, port);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The server has closed its side. The client does not hear of it: its own stays open.</summary>
    public Task Ended => _ended.Task;

    public void Hold() => _isHolding = true;

    /// <summary>Passes on at once what was held. To be called when the server has ended.</summary>
    public ValueTask ReleaseAsync() => _client!.GetStream().WriteAsync(_held.ToArray());

    public void Dispose()
    {
        _listener.Dispose();
        _client?.Dispose();
        _server?.Dispose();
    }

    private async Task RunAsync(string host, int port)
    {
        _client = await _listener.AcceptTcpClientAsync();
        _server = new TcpClient { NoDelay = true };
        await _server.ConnectAsync(host, port);
        _ = _client.GetStream().CopyToAsync(_server.GetStream());
        var buffer = new byte[8192];
        int read;
        while ((read = await _server.GetStream().ReadAsync(buffer)) > 0)
        {
            await (_isHolding ? _held : (Stream)_client.GetStream()).WriteAsync(buffer.AsMemory(0, read));
        }

        _ended.SetResult();
    }
}
