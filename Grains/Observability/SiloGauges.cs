using System.Diagnostics.Metrics;
using Kataven.Grains.Accounts;
using Kataven.Grains.Connections;
using Kataven.Grains.Connections.Budget;
using Kataven.Grains.Tenants;
using Kataven.Observability;
using Kataven.Tenants;
using Microsoft.Extensions.Hosting;

namespace Kataven.Grains.Observability;

/// <summary>What a silo holds now. It is looked up when somebody asks, and costs a request nothing.</summary>
internal sealed class SiloGauges(IMeterFactory meters, TenantPools pools, ConnectionSlots slots, AccountFeed feed, AccountDirectory directory) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(RequestPath.Name);
        meter.CreateObservableGauge("kataven.lanes", Lanes, "{lane}", "Connections that accounts hold, by what they do.");
        meter.CreateObservableGauge("kataven.requests.waiting", () => Pools().Sum(pool => pool.Waiting), "{request}", "Requests that wait for a lane.");
        meter.CreateObservableGauge("kataven.tenants", () => Pools().Count, "{grain}", "Tenant grains that are alive here.");
        meter.CreateObservableGauge("kataven.feed.available", () => feed.IsAvailable ? 1 : 0, null, "1 while the system database answers the feed of accounts.");
        meter.CreateObservableGauge("kataven.feed.accounts", () => directory.Count, "{account}", "Accounts in this silo's copy.");
        meter.CreateObservableGauge("kataven.budget.leased", () => slots.Counts.Leased, "{connection}", "Connections that this silo may hold for accounts.");
        meter.CreateObservableGauge("kataven.budget.used", () => slots.Counts.Used, "{connection}", "Those of them that are open.");
        meter.CreateObservableGauge("kataven.budget.waiting", () => slots.Counts.Waiting, "{account}", "Accounts that wait until they may open one.");
        meter.CreateObservableGauge("kataven.budget.size", () => slots.Budget, "{connection}", "Connections that the whole cluster may hold for accounts.");
        IsolationMetrics.Begin();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private List<PoolReport> Pools() => pools.Report("");

    private IEnumerable<Measurement<int>> Lanes()
    {
        var all = pools.Lanes().ToList();
        return
        [
            Of("open", lanes => lanes.Open),
            Of("opening", lanes => lanes.Opening),
            Of("idle", lanes => lanes.Idle),
            Of("busy", lanes => lanes.Busy),
            Of("resetting", lanes => lanes.Resetting),
            Of("broken", lanes => lanes.Broken),
            Of("closing", lanes => lanes.Closing),
        ];

        Measurement<int> Of(string state, Func<LaneCounts, int> count) => new(all.Sum(count), new KeyValuePair<string, object?>("state", state));
    }
}
