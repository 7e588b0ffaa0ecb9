using Microsoft.Extensions.Options;

namespace Kataven.Api.Draining;

/// <summary>
/// What a front door that is told to stop does before its server closes: it goes on for a while, so that whoever sends requests here
/// notices and no connection is closed under a request. Balancers see it by its readiness, and each connection that is used by
/// <c>Connection: close</c>.
/// </summary>
internal sealed partial class FrontDrain(IOptions<FrontDrainOptions> options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<FrontDrain> logger)
    : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A signal has done it already; a host that is stopped by its owner does it only after this.
        lifetime.StopApplication();
        LogDrains(options.Value.Notice.TotalSeconds);
        await Task.Delay(options.Value.Notice, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        LogCloses();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
