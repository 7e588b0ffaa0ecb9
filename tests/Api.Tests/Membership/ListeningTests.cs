using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Kataven.Membership;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Kataven.Api.Tests.Membership;

public sealed class ListeningTests
{
    private const int Port = 11111;

    [Fact]
    public void On_loopback_a_member_listens_there_alone() =>
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, Port), ListensOn("127.0.0.1"));

    [Fact]
    public void On_an_address_that_the_machine_has_a_member_listens_there_alone()
    {
        var own = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        Assert.SkipWhen(own is null, "This machine has no address but loopback.");

        Assert.Equal(new IPEndPoint(own, Port), ListensOn(own.ToString()));
    }

    /// <summary>203.0.113.0/24 is nobody's, by RFC 5737.</summary>
    [Fact]
    public void On_an_address_that_is_a_routers_a_member_listens_on_every_interface() =>
        Assert.Equal(new IPEndPoint(IPAddress.Any, Port), ListensOn("203.0.113.7"));

    private static IPEndPoint ListensOn(string advertised)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:System"] = "Host=nowhere;Username=kataven",
            ["Kataven:Silo:AdvertisedAddress"] = advertised,
            ["Kataven:Silo:SiloPort"] = $"{Port}",
        });
        builder.UseOrleans(silo => silo.JoinCluster(builder.Configuration, isFront: true));
        using var host = builder.Build();
        var endpoints = host.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        return endpoints.SiloListeningEndpoint ?? new IPEndPoint(endpoints.AdvertisedIPAddress, endpoints.SiloPort);
    }
}
