using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Kataven.Membership;

/// <summary>Says at the start what the settings mean for the cluster.</summary>
internal sealed partial class MembershipNotice(
    IOptions<FailureDetectionSettings> failures,
    IOptions<TlsSettings> tls,
    IOptions<EndpointOptions> endpoints,
    ILogger<MembershipNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var detection = new FailureDetection(failures.Value);
        if (!detection.KeepsPromise)
        {
            LogSlowTakeover(detection.KilledWithin.TotalSeconds, detection.FrozenWithin.TotalSeconds);
        }

        if (!tls.Value.IsOn && endpoints.Value.AdvertisedIPAddress is { } address && !IPAddress.IsLoopback(address))
        {
            LogOpenPorts(address);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
