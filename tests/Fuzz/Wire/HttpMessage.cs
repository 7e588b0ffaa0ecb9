using System.Text;

namespace Kataven.Fuzz.Wire;

/// <summary>Writes a request as bytes, with nothing put right on the way. Header values are Latin-1, so that any byte can be sent.</summary>
internal sealed class HttpMessage(string method, string target)
{
    private readonly List<string> _lines = [];
    private byte[] _body = [];

    public string Version { get; init; } = "HTTP/1.1";

    public static HttpMessage Query(string account, string token) => new HttpMessage("POST", "/api/query").Acting(account, token);

    public HttpMessage Acting(string account, string token) => Line("Authorization", $"Bearer {token}").Line("X-Account-ID", account);

    public HttpMessage Line(string name, string value) => RawLine($"{name}: {value}");

    public HttpMessage RawLine(string line)
    {
        _lines.Add(line);
        return this;
    }

    public HttpMessage Json(string body) => Json(Encoding.UTF8.GetBytes(body));

    /// <summary>With its length.</summary>
    public HttpMessage Json(byte[] body) => Line("Content-Type", "application/json").Line("Content-Length", $"{body.Length}").Body(body);

    /// <summary>Without a line that says how long it is.</summary>
    public HttpMessage Body(byte[] body)
    {
        _body = body;
        return this;
    }

    public byte[] ToBytes(string? host = "Host: 127.0.0.1")
    {
        var head = new StringBuilder($"{method} {target} {Version}\r\n");
        foreach (var line in host is null ? _lines : [host, .. _lines])
        {
            head.Append(line).Append("\r\n");
        }

        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. _body];
    }
}
