using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kataven.Fuzz.Wire;

/// <summary>A connection that sends bytes as they are, and reads HTTP/1.1 answers.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket;
    private byte[] _buffer = new byte[16 * 1024];
    private int _from;
    private int _to;

    private RawConnection(Socket socket) => _socket = socket;

    public static async Task<RawConnection> OpenAsync(IPEndPoint server, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellation);
        return new RawConnection(socket);
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, bool andNoMore, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, cancellation)..];
        }

        if (andNoMore)
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
    }

    /// <summary>The next answer, or null where the connection ended instead of one. Those of status 1xx are passed over.</summary>
    public async Task<RawAnswer?> ReadAsync(bool isHead, CancellationToken cancellation)
    {
        while (true)
        {
            if (await LineAsync(cancellation) is not { Length: > 0 } first)
            {
                return null;
            }

            var status = int.Parse(first.Split(' ')[1], CultureInfo.InvariantCulture);
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (await LineAsync(cancellation) is { Length: > 0 } line)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                headers[line[..colon]] = line[(colon + 1)..].Trim();
            }

            if (status >= 200)
            {
                var (body, isWhole) = isHead || status is 204 or 304 ? ([], true) : await BodyAsync(headers, cancellation);
                return new RawAnswer(status, headers, body, isWhole);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<(byte[] Body, bool IsWhole)> BodyAsync(Dictionary<string, string> headers, CancellationToken cancellation)
    {
        var body = new MemoryStream();
        if (headers.TryGetValue("content-length", out var length))
        {
            var isWhole = await CopyAsync(body, int.Parse(length, CultureInfo.InvariantCulture), cancellation);
            return (body.ToArray(), isWhole);
        }

        if (!headers.ContainsKey("transfer-encoding"))
        {
            while (await CopyAsync(body, 1, cancellation))
            {
                // To the end of the connection.
            }

            return (body.ToArray(), true);
        }

        while (await LineAsync(cancellation) is { } size)
        {
            var count = int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (!await CopyAsync(body, count, cancellation) || await LineAsync(cancellation) is null)
            {
                break;
            }

            if (count == 0)
            {
                return (body.ToArray(), true);
            }
        }

        return (body.ToArray(), false);
    }

    private async Task<bool> CopyAsync(MemoryStream body, int count, CancellationToken cancellation)
    {
        while (count > 0)
        {
            if (_from == _to && !await FillAsync(cancellation))
            {
                return false;
            }

            var taken = Math.Min(count, _to - _from);
            body.Write(_buffer, _from, taken);
            _from += taken;
            count -= taken;
        }

        return true;
    }

    private async Task<string?> LineAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var end = _buffer.AsSpan(_from, _to - _from).IndexOf("\r\n"u8);
            if (end >= 0)
            {
                var line = Encoding.Latin1.GetString(_buffer, _from, end);
                _from += end + 2;
                return line;
            }

            if (!await FillAsync(cancellation))
            {
                return null;
            }
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            (_from, _to) = (0, _to - _from);
        }

        if (_to == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        try
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(_to), SocketFlags.None, cancellation);
            _to += read;
            return read > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
