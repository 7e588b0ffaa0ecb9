using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Grains.Cluster;
using Kataven.Grains.Connections;
using Kataven.Grains.Isolation;
using Kataven.Isolation.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Kataven.Isolation.Tests.Lanes;

/// <summary>
/// A silo that stands still once it has looked: its clock nearly does, so that what it read seems to be of this moment. In the table of members it is the
/// service's own silo once more, in a cluster of its own, where nobody takes it for one that serves.
/// </summary>
internal sealed class FrozenSilo : ILocalSiloDetails, IAsyncDisposable
{
    private readonly ArenaService _service;

    private FrozenSilo(ArenaService service)
    {
        _service = service;
        var real = service.Services.GetRequiredService<ILocalSiloDetails>();
        (Name, DnsHostName, SiloAddress) = (real.Name, real.DnsHostName, real.SiloAddress);
        Pulse = new SiloPulse(
            service.Services.GetRequiredService<IMembershipTable>(), this, Options.Create(new ClusterMembershipOptions()), new SlowClock());
    }

    public string ClusterId { get; } = $"frozen-{Guid.NewGuid():N}";

    public string Name { get; }

    public string DnsHostName { get; }

    public SiloAddress SiloAddress { get; private set; }

    public SiloAddress GatewayAddress => SiloAddress;

    public SiloPulse Pulse { get; }

    public static async Task<FrozenSilo> JoinAsync(ArenaService service, CancellationToken cancellation)
    {
        var silo = new FrozenSilo(service);
        await service.SuperuserAsync("system", $"INSERT INTO orleans.OrleansMembershipVersionTable (DeploymentId) VALUES ('{silo.ClusterId}')");
        await service.SuperuserAsync("system", $"""
            INSERT INTO orleans.OrleansMembershipTable
                (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, SuspectTimes, StartTime, IAmAliveTime)
            SELECT '{silo.ClusterId}', Address, Port, Generation, SiloName, HostName, Status, ProxyPort, SuspectTimes, StartTime, IAmAliveTime
              FROM orleans.OrleansMembershipTable WHERE Status = 3 AND Port = {silo.SiloAddress.Endpoint.Port} AND Generation = {silo.SiloAddress.Generation}
            """);
        await silo.Pulse.WhenJustFeltAsync(cancellation);
        return silo;
    }

    public async Task DeclareDeadAsync()
    {
        await _service.SuperuserAsync("system", $"UPDATE orleans.OrleansMembershipTable SET Status = 6 WHERE DeploymentId = '{ClusterId}'");
        // The next look finds no member of this name.
        SiloAddress = SiloAddress.New(SiloAddress.Endpoint, SiloAddress.Generation + 1);
    }

    /// <summary>What opens the lanes of an account that this silo was asked for.</summary>
    public LaneSource SourceOf(string account)
    {
        var services = _service.Services;
        return new LaneSource(
            AccountId.Parse(account),
            services.GetRequiredService<SystemDatabase>(),
            services.GetRequiredService<CredentialStore>(),
            services.GetRequiredService<IsolationAlarm>(),
            services.GetRequiredService<AccountRole>(),
            services.GetRequiredService<LaneOpenings>(),
            services.GetRequiredService<IGrainFactory>().GetGrain<IAccountGrain>(account).AdoptAsync,
            () => { },
            Pulse,
            NullLogger<LaneSource>.Instance);
    }

    public async ValueTask DisposeAsync() =>
        await _service.SuperuserAsync("system", $"DELETE FROM orleans.OrleansMembershipVersionTable WHERE DeploymentId = '{ClusterId}'");

    private sealed class SlowClock : TimeProvider
    {
        private long _now;

        /// <summary>No two moments are the same, and all of a test is less than what counts as just now.</summary>
        public override long GetTimestamp() => Interlocked.Add(ref _now, TimestampFrequency / 100_000);
    }
}
