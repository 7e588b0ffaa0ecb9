using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Kataven.Grains.Tests.Queries.Text;

/// <summary>
/// Stands between the driver and the server and reads the CommandComplete messages, since the driver does not tell the tags.
/// One connection.
/// </summary>
internal sealed class CommandTagRecorder : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _relay;

    public CommandTagRecorder(string connectionString)
    {
        _server = new(connectionString);
        _listener.Start();
        _relay = RelayAsync(_stop.Token);
    }

    public ConcurrentQueue<string> Tags { get; } = new();

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server.ConnectionString)
    {
        Host = IPAddress.Loopback.ToString(),
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
        Pooling = false,
    }.ConnectionString;

    private async Task RelayAsync(CancellationToken cancellationToken)
    {
        using var driver = await _listener.AcceptTcpClientAsync(cancellationToken);
        using var server = new TcpClient();
        // Otherwise each small message waits for the other side's delayed acknowledgement.
        driver.NoDelay = server.NoDelay = true;
        await server.ConnectAsync(_server.Host!, _server.Port, cancellationToken);
        var toServer = driver.GetStream().CopyToAsync(server.GetStream(), cancellationToken);
        await Task.WhenAny(toServer, RecordAsync(server.GetStream(), driver.GetStream(), cancellationToken));
    }

    private async Task RecordAsync(NetworkStream server, NetworkStream driver, CancellationToken cancellationToken)
    {
        var head = new byte[5];
        while (true)
        {
            await server.ReadExactlyAsync(head, cancellationToken);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
            await server.ReadExactlyAsync(body, cancellationToken);
            if (head[0] == 'C')
                Tags.Enqueue(Encoding.UTF8.GetString(body.AsSpan(0, body.Length - 1)));
            await driver.WriteAsync(head, cancellationToken);
            await driver.WriteAsync(body, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await _relay;
            throw new OperationCanceledException();
        });
        _listener.Dispose();
        _stop.Dispose();
    }
}
