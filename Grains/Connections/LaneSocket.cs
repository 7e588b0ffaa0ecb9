using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Npgsql;
using Npgsql.Internal;

namespace Kataven.Grains.Connections;

/// <summary>
/// The socket below a connection: Npgsql shows neither whether PostgreSQL has closed it, nor when the process behind it has ended.
/// PostgreSQL leaves it open until its process is gone, for clients that want to know
/// (<see href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-TERMINATION"/>).
/// </summary>
internal static class LaneSocket
{
    private static readonly TimeSpan GoodbyeWithin = TimeSpan.FromSeconds(2);

    /// <summary>Terminate of the protocol, which has no content.</summary>
    private static readonly byte[] Terminate = [(byte)'X', 0, 0, 0, 4];

    /// <summary>Whether there is nothing to read, neither a message nor the end.</summary>
    public static bool IsSilent(NpgsqlConnection connection)
    {
        try
        {
            return !Socket(Connector(connection)).Poll(0, SelectMode.SelectRead);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Ends the session, and returns when PostgreSQL's process has ended; false where it did not in time.</summary>
    public static async Task<bool> TryCloseAsync(NpgsqlConnection connection)
    {
        try
        {
            using var limit = new CancellationTokenSource(GoodbyeWithin);
            var stream = Stream(Connector(connection));
            await stream.WriteAsync(Terminate, limit.Token).ConfigureAwait(false);
            await stream.FlushAsync(limit.Token).ConfigureAwait(false);
            var left = new byte[256];
            while (await stream.ReadAsync(left, limit.Token).ConfigureAwait(false) > 0)
            {
                // What PostgreSQL had sent before it read the goodbye.
            }

            return true;
        }
        catch (Exception)
        {
            // Whoever asked looks at PostgreSQL's processes instead.
            return false;
        }
    }

    // NPG9001: the type may change with Npgsql; the tests of lanes fail then.
#pragma warning disable NPG9001
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Connector")]
    private static extern NpgsqlConnector Connector(NpgsqlConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    private static extern ref Socket Socket(NpgsqlConnector connector);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_stream")]
    private static extern ref Stream Stream(NpgsqlConnector connector);
#pragma warning restore NPG9001
}
