using System.Net;
using System.Net.Sockets;

namespace Kataven.Testing;

/// <summary>
/// A port for a process that is to have it again when it is started anew. While it does not run nobody else gets it: the system takes
/// the ports of outgoing connections from above <see cref="Last"/>, and of those below each program that asks has a block of its own.
/// </summary>
public static class FreePort
{
    private const int First = 12_000, Last = 32_000, BlockSize = 200;

    private static readonly Lock Gate = new();

    private static readonly List<FileStream> Blocks = [];

    private static int _next, _end;

    public static int Take()
    {
        lock (Gate)
        {
            while (true)
            {
                if (_next == _end)
                {
                    TakeBlock_NeedsLock();
                }

                if (IsFree(_next++))
                {
                    return _next - 1;
                }
            }
        }
    }

    /// <summary>It is the program's for as long as that lives.</summary>
    private static void TakeBlock_NeedsLock()
    {
        const int count = (Last - First) / BlockSize;
        var begin = Random.Shared.Next(count);
        for (var tries = 0; tries < count; tries++)
        {
            var block = First + ((begin + tries) % count * BlockSize);
            try
            {
                Blocks.Add(new FileStream(
                    Path.Combine(Path.GetTempPath(), $"kataven-test-ports-{block}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
                (_next, _end) = (block, block + BlockSize);
                return;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another program's.
            }
        }

        throw new InvalidOperationException("Other programs have all blocks of ports.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
