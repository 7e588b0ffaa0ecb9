using System.Net.Sockets;
using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Grains.Connections;
using Kataven.Testing;
using Npgsql;

namespace Kataven.Grains.Tests.Connections;

/// <summary>Connections whose server is gone without a word are found broken.</summary>
public sealed class TcpKeepAliveTests(PostgresFixture postgres)
{
    /// <summary>What Linux asks nine times, unless the machine says otherwise: 5 s and 9 times 1 s.</summary>
    private static readonly (int, int, int) Asking = (1, 5, 1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_kernel_asks_after_the_server_on_lanes_and_on_the_services_own_connections()
    {
        await using var system = new SystemDatabase(Text(), "postgres");
        await using var login = LoginOf(system);

        await using var ordinary = await login.Ordinary.OpenConnectionAsync(Cancelled);
        await using var fast = await login.Fast.OpenConnectionAsync(Cancelled);
        await using var own = await system.DataSource.OpenConnectionAsync(Cancelled);
        await using var apart = await system.OpenOwnAsync(Cancelled);

        Assert.All([ordinary, fast, own, apart], connection => Assert.Equal(Asking, AskingOf(connection)));
    }

    [Theory]
    [InlineData("TCP Keepalive=false", 0, null, null)]
    [InlineData("Tcp KeepAlive Time=77", 1, 77, 77)]
    [InlineData("tcp keepalive time=77;tcp keepalive interval=11", 1, 77, 11)]
    public async Task What_the_connection_string_says_of_it_stays(string own, int isOn, int? after, int? every)
    {
        await using var system = new SystemDatabase($"{Text()};{own}", "postgres");
        await using var login = LoginOf(system);

        await using var lane = await login.Ordinary.OpenConnectionAsync(Cancelled);

        var found = AskingOf(lane);
        Assert.Equal((isOn, after ?? found.After, every ?? found.Every), found);
    }

    /// <summary>A failover behind several names: whichever of them takes connections, and is no standby.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(";Target Session Attributes=primary")]
    [InlineData(";Target Session Attributes=read-write")]
    public async Task Several_hosts_are_tried_for_lanes_and_for_the_services_own_connections(string target)
    {
        var server = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        await using var system = new SystemDatabase($"{Text()};Host=127.0.0.1:1,{server.Host}:{server.Port}{target}", "postgres");
        await using var login = LoginOf(system);

        await using var lane = await login.Ordinary.OpenConnectionAsync(Cancelled);
        await using var own = await system.DataSource.OpenConnectionAsync(Cancelled);
        await using var apart = await system.OpenOwnAsync(Cancelled);

        Assert.All([lane, own, apart], connection => Assert.Equal(Asking, AskingOf(connection)));
    }

    [Fact]
    public async Task A_host_that_is_not_what_is_asked_for_is_not_taken()
    {
        var server = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        await using var system = new SystemDatabase($"{Text()};Host=127.0.0.1:1,{server.Host}:{server.Port};Target Session Attributes=standby", "postgres");
        await using var login = LoginOf(system);

        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await login.Ordinary.OpenConnectionAsync(Cancelled));
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await system.DataSource.OpenConnectionAsync(Cancelled));
    }

    private string Text() => postgres.ConnectionString;

    private LaneLogin LoginOf(SystemDatabase system)
    {
        var settings = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        return new LaneLogin(AccountId.Parse("postgres"), new Credential(settings.Username!, settings.Password!, Guid.NewGuid(), WasStamped: true), system);
    }

    private static (int IsOn, int After, int Every) AskingOf(NpgsqlConnection connection)
    {
        var socket = NpgsqlInternals.Socket(connection);
        return (
            (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!,
            (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)!,
            (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval)!);
    }
}
