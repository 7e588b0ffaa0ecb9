using System.Collections.Concurrent;
using System.Net;

namespace Kataven.Api.Accounts;

/// <summary>
/// Counts the questions of each client address in the second that runs. The one public route tells which accounts exist,
/// so that nobody should be able to try them all.
/// </summary>
internal sealed class ClientRate(TimeProvider time)
{
    public const int PerSecond = 100;

    /// <summary>Addresses that are counted at once: beyond that a second is counted for all together.</summary>
    private const int Capacity = 50_000;

    private readonly Lock _lock = new();
    private ConcurrentDictionary<IPAddress, int> _counts = new();
    private long _second = -1;

    public bool TryTake(IPAddress? client)
    {
        var second = time.GetUtcNow().ToUnixTimeSeconds();
        if (Volatile.Read(ref _second) != second)
        {
            lock (_lock)
            {
                if (_second != second)
                {
                    _counts = new();
                    _second = second;
                }
            }
        }

        var counts = _counts;
        var key = client is null || counts.Count >= Capacity ? IPAddress.None : Network(client);
        return counts.AddOrUpdate(key, 1, static (_, count) => count + 1) <= PerSecond;
    }

    /// <summary>Who has an IPv6 address has the 2^64 addresses of its network, so these are one client.</summary>
    internal static IPAddress Network(IPAddress client)
    {
        if (client.IsIPv4MappedToIPv6)
        {
            return client.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[16];
        if (client.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6 || !client.TryWriteBytes(bytes, out _))
        {
            return client;
        }

        bytes[8..].Clear();
        return new IPAddress(bytes);
    }
}
