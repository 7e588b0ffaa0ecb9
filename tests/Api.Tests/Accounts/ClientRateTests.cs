using System.Net;
using Kataven.Api.Accounts;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Api.Tests.Accounts;

public sealed class ClientRateTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void A_client_is_an_address_of_IPv4_or_a_network_of_IPv6(string one, string other, bool same)
    {
        var rate = new ClientRate(new FakeTimeProvider());
        for (var i = 0; i < ClientRate.PerSecond; i++)
        {
            Assert.True(rate.TryTake(IPAddress.Parse(one)));
        }

        Assert.False(rate.TryTake(IPAddress.Parse(one)));
        Assert.Equal(!same, rate.TryTake(IPAddress.Parse(other)));
    }

    [Fact]
    public void The_next_second_counts_anew()
    {
        var time = new FakeTimeProvider();
        var rate = new ClientRate(time);
        for (var i = 0; i <= ClientRate.PerSecond; i++)
        {
            rate.TryTake(IPAddress.Loopback);
        }

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(rate.TryTake(IPAddress.Loopback));
    }
}
