using System.Net;
using System.Net.Sockets;
using Kataven.Membership;

namespace Kataven.Silo.Tests.Membership;

public sealed class HeldPortTests
{
    [Fact]
    public void The_system_gives_it_to_nobody_else_until_it_is_let_go()
    {
        using var held = new HeldPort(IPAddress.Loopback);

        Assert.Equal(SocketError.AddressAlreadyInUse, Assert.Throws<SocketException>(() => HaveChosen(held.Number)).SocketErrorCode);

        held.Dispose();
        HaveChosen(held.Number);
    }

    [Fact]
    public void It_can_be_listened_on_while_it_is_held()
    {
        using var held = new HeldPort(IPAddress.Loopback);
        using var listener = new TcpListener(IPAddress.Loopback, held.Number);

        listener.Start();

        using var client = new TcpClient(AddressFamily.InterNetwork);
        client.Connect(IPAddress.Loopback, held.Number);
        using var accepted = listener.AcceptTcpClient();
        Assert.Equal(client.Client.LocalEndPoint, accepted.Client.RemoteEndPoint);
    }

    [Fact]
    public void An_address_of_another_machine_is_refused() =>
        Assert.Equal(SocketError.AddressNotAvailable, Assert.Throws<SocketException>(() => new HeldPort(IPAddress.Parse("203.0.113.1"))).SocketErrorCode);

    /// <summary>Has the system choose a free port, which has to be this one.</summary>
    private static void HaveChosen(int port)
    {
        const int ip = 0, localPortRange = 51;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetRawSocketOption(ip, localPortRange, BitConverter.GetBytes(((uint)port << 16) | (uint)port));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ProtocolOption)
        {
            Assert.Skip("Linux has it from 6.3 on.");
        }

        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.Equal(port, ((IPEndPoint)socket.LocalEndPoint!).Port);
    }
}
