using System.Net;

namespace Kataven.Api.Authentication;

/// <summary>Whether a request comes from this machine.</summary>
internal static class LocalCaller
{
    /// <summary>A proxy on this machine calls from loopback too: what it passes on is not from here.</summary>
    private static readonly string[] ProxyHeaders =
        ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-For", "X-Original-Proto", "X-Original-Host", "X-Real-IP", "Via"];

    public static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && !ProxyHeaders.Any(context.Request.Headers.ContainsKey)
        && IsLocalName(context.Request.Host.Host);

    /// <summary>A page of another origin, whose name was made to resolve to this machine, calls from loopback as well.</summary>
    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
