using System.Net;
using System.Net.Sockets;
using Kataven.Chaos.Network;

namespace Kataven.Chaos.Tests.Network;

public sealed class TcpProxyTests
{
    [Fact]
    public async Task What_is_sent_arrives_on_both_sides_until_it_is_cut()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var proxy = new TcpProxy(((IPEndPoint)listener.LocalEndpoint).Port);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port, limit.Token);
        using var server = await listener.AcceptTcpClientAsync(limit.Token);

        Assert.Equal("ask", await SendAsync(client, server, "ask", limit.Token));
        Assert.Equal("answer", await SendAsync(server, client, "answer", limit.Token));

        Assert.Equal(1, proxy.Cut());
        foreach (var side in new[] { client.Client, server.Client })
        {
            var lost = await Assert.ThrowsAsync<SocketException>(async () => await side.ReceiveAsync(new byte[1], limit.Token));
            Assert.Equal(SocketError.ConnectionReset, lost.SocketErrorCode);
        }
    }

    [Fact]
    public async Task An_end_is_handed_on_and_the_other_direction_stays_open()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var proxy = new TcpProxy(((IPEndPoint)listener.LocalEndpoint).Port);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port, limit.Token);
        using var server = await listener.AcceptTcpClientAsync(limit.Token);

        client.Client.Shutdown(SocketShutdown.Send);

        Assert.Equal(0, await server.Client.ReceiveAsync(new byte[1], limit.Token));
        Assert.Equal("last words", await SendAsync(server, client, "last words", limit.Token));
    }

    private static async Task<string> SendAsync(TcpClient from, TcpClient to, string text, CancellationToken cancellation)
    {
        // Not by their streams, which a connection has no more of which one direction is closed.
        var bytes = System.Text.Encoding.ASCII.GetBytes(text);
        await from.Client.SendAsync(bytes, cancellation);
        var read = new byte[bytes.Length];
        for (var length = 0; length < read.Length;)
        {
            length += await to.Client.ReceiveAsync(read.AsMemory(length), cancellation) is > 0 and var received
                ? received
                : throw new EndOfStreamException();
        }

        return System.Text.Encoding.ASCII.GetString(read);
    }
}
