using System.Net.Sockets;
using Kataven.Silo.Schema;
using Npgsql;

namespace Kataven.Silo.Tests.Schema;

public sealed class ServerStartTests
{
    [Theory]
    [InlineData("57P03", true)]
    [InlineData("57P01", true)]
    [InlineData("53300", true)]
    [InlineData("28P01", false)]
    [InlineData("42501", false)]
    [InlineData("42P07", false)]
    public void What_passes_by_itself_is_waited_out(string sqlState, bool waited)
        => Assert.Equal(waited, ServerStart.IsNotUpYet(new PostgresException("refused", "FATAL", "FATAL", sqlState)));

    [Fact]
    public void A_refused_connection_is_waited_out()
        => Assert.True(ServerStart.IsNotUpYet(new NpgsqlException("refused", new SocketException())));

    [Fact]
    public void A_fault_of_our_own_is_not()
        => Assert.False(ServerStart.IsNotUpYet(new InvalidOperationException("a script changed")));
}
