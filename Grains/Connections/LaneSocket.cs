using System.Net.Sockets;
using Npgsql;

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

    /// <summary>
    /// Whether there is nothing to read, neither a message nor the end. A server process that is ended says so, and may say it in one
    /// breath with an answer: then its word has been read from the socket already, and its end may still be to come. On an encrypted
    /// connection that word may stand in the decrypting stream, where nobody can see it: such a lane is found out by its next use.
    /// </summary>
    public static bool IsSilent(NpgsqlConnection connection)
    {
        try
        {
            return !NpgsqlInternals.HasUnread(connection) && !NpgsqlInternals.Socket(connection).Poll(0, SelectMode.SelectRead);
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
            var stream = NpgsqlInternals.Stream(connection);
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
}
