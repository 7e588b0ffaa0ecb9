using System.Net;
using System.Net.Sockets;
using Orleans.Runtime;

namespace Kataven.Membership;

/// <summary>
/// A port that the system chose, kept from other programs until the silo listens on it, which it does when its start is well under way.
/// Linux lets a program listen where it has only bound another socket; elsewhere the port was free a moment ago, and that is all.
/// </summary>
internal sealed class HeldPort : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly Socket _socket;

    /// <param name="address">One of this machine's.</param>
    /// <exception cref="SocketException">It is none.</exception>
    public HeldPort(IPAddress address)
    {
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(new IPEndPoint(address, 0));
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        Number = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        if (!OperatingSystem.IsLinux())
        {
            _socket.Dispose();
        }
    }

    public int Number { get; }

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(HeldPort), ServiceLifecycleStage.Active, _ =>
    {
        Dispose();
        return Task.CompletedTask;
    });

    public void Dispose() => _socket.Dispose();
}
