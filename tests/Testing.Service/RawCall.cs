using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Kataven.Testing.Service;

/// <summary>Requests as no HTTP client would send them.</summary>
public static class RawCall
{
    /// <summary>The status and the body of the answer to a <c>POST /api/query</c> with these header lines.</summary>
    public static Task<(int Status, string Body)> QueryAsync(Uri address, string sql, params string[] headers)
    {
        var body = $$"""{"sql":"{{sql}}"}""";
        return SendAsync(address, Encoding.Latin1.GetBytes(
            $"POST /api/query HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n" +
            string.Concat(headers.Select(header => header + "\r\n")) + $"Connection: close\r\n\r\n{body}"));
    }

    /// <summary>
    /// All that comes back to these bytes until the server closes the connection, so the last request has to ask for that.
    /// The sending half stays open: to the service a sender that closes it has gone away.
    /// </summary>
    public static async Task<string> ExchangeAsync(Uri address, byte[] request)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, limit.Token);
        var stream = client.GetStream();
        var (answer, buffer) = (new MemoryStream(), new byte[16 * 1024]);
        try
        {
            await stream.WriteAsync(request, limit.Token);
            while (await stream.ReadAsync(buffer, limit.Token) is > 0 and var read)
            {
                answer.Write(buffer, 0, read);
            }
        }
        catch (IOException) when (answer.Length > 0)
        {
            // Closed with some of the request unread: the connection is reset behind the answer.
        }

        return Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length);
    }

    private static async Task<(int Status, string Body)> SendAsync(Uri address, byte[] request)
    {
        var answer = await ExchangeAsync(address, request);
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture), answer[(end + 4)..]);
    }
}
