using Kataven.Chaos.Histories;
using Kataven.Chaos.Planning;
using Kataven.Chaos.Processes;
using Kataven.Testing.Cluster;

namespace Kataven.Chaos.Operating;

/// <summary>Carries out one fault after the other, each when the cluster has recovered from the one before.</summary>
internal sealed class Disruptor(ChaosCluster cluster, Recorder recorder, IEnumerable<PlannedFault> plan)
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(45);

    /// <summary>A process that was frozen finds out that it was declared dead, or goes on.</summary>
    private static readonly TimeSpan DecideWithin = TimeSpan.FromSeconds(40);

    /// <summary>The others may find it dead just as it wakes.</summary>
    private static readonly TimeSpan AliveFor = TimeSpan.FromSeconds(3);

    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var fault in plan)
        {
            await recorder.Clock.PauseAsync(fault.Pause, cancellation);
            if (cancellation.IsCancellationRequested)
            {
                return;
            }

            await TellWhoEndedAsync();
            await DoAsync(fault);
        }
    }

    private async Task DoAsync(PlannedFault fault)
    {
        var from = recorder.Clock.Now;
        var (target, result) = ("", "");
        var ended = from;
        switch (fault.Kind)
        {
            case DisturbanceKind.KillSilo or DisturbanceKind.KillFront:
                target = Member(fault).Name;
                await Member(fault).KillAsync();
                ended = recorder.Clock.Now;
                Member(fault).Begin();
                break;
            case DisturbanceKind.StopSilo or DisturbanceKind.StopFront:
                target = Member(fault).Name;
                result = await StopAsync(Member(fault));
                ended = recorder.Clock.Now;
                Member(fault).Begin();
                break;
            case DisturbanceKind.FreezeSilo or DisturbanceKind.FreezeFront:
                target = Member(fault).Name;
                await Member(fault).FreezeAsync();
                await recorder.Clock.PauseAsync(fault.Length, CancellationToken.None);
                ended = recorder.Clock.Now;
                await Member(fault).WakeAsync();
                result = $"for {fault.Length.TotalSeconds:0.0} s, {await DecideAsync(Member(fault))}";
                break;
            case DisturbanceKind.RestartPostgresFast or DisturbanceKind.RestartPostgresImmediate:
                await cluster.Server.RestartAsync(fault.Kind == DisturbanceKind.RestartPostgresImmediate);
                ended = recorder.Clock.Now;
                break;
            case DisturbanceKind.CutDatabase:
                target = Member(fault).Name;
                result = $"{cluster.Links[fault.Target % cluster.Links.Count].Cut()} connections";
                break;
            default:
                target = Member(fault).Name;
                result = $"{cluster.Doors[fault.Target % cluster.Doors.Count].Cut()} connections";
                break;
        }

        await RecoverAsync(fault);
        recorder.Add(new Disturbance(fault.Kind, target, from, ended, recorder.Clock.Now, result));
    }

    private ClusterMember Member(PlannedFault fault) =>
        fault.Kind is DisturbanceKind.KillFront or DisturbanceKind.StopFront or DisturbanceKind.FreezeFront or DisturbanceKind.CutClients
            ? cluster.Fronts[fault.Target % cluster.Fronts.Count]
            : cluster.Silos[fault.Target % cluster.Silos.Count];

    private async Task<string> StopAsync(ClusterMember member)
    {
        var stopping = member.StopAsync();
        try
        {
            return $"stopped in {(await stopping.WaitAsync(StopWithin)).TotalSeconds:0.0} s";
        }
        catch (TimeoutException)
        {
            recorder.Incident($"{member.Name} has not ended {StopWithin.TotalSeconds:0} s after SIGTERM");
            await member.KillAsync();
            await stopping;
            return "killed";
        }
    }

    /// <summary>It was declared dead and ends, or it was not and is a member still.</summary>
    private async Task<string> DecideAsync(ClusterMember member)
    {
        var begun = recorder.Clock.Now;
        TimeSpan? alive = null;
        while (recorder.Clock.Now - begun < DecideWithin)
        {
            if (!member.IsRunning)
            {
                member.Begin();
                return $"ended {(recorder.Clock.Now - begun).TotalSeconds:0.0} s after it woke";
            }

            alive = await cluster.IsActiveAsync(member) && await member.IsReadyAsync() ? alive ?? recorder.Clock.Now : null;
            if (recorder.Clock.Now - alive > AliveFor)
            {
                return "went on";
            }

            await recorder.Clock.PauseAsync(TimeSpan.FromMilliseconds(100), CancellationToken.None);
        }

        recorder.Incident($"{member.Name} woke and has neither ended nor gone on after {DecideWithin.TotalSeconds:0} s");
        await member.KillAsync();
        member.Begin();
        return "killed";
    }

    private async Task RecoverAsync(PlannedFault fault)
    {
        try
        {
            await cluster.WhenWholeAsync();
        }
        catch (TimeoutException)
        {
            recorder.Incident($"the cluster is not whole after {fault.Kind}");
            await TellWhoEndedAsync();
        }
    }

    /// <summary>Whoever runs has to go on running, whatever is done to others.</summary>
    private async Task TellWhoEndedAsync()
    {
        foreach (var member in cluster.Members.Where(member => !member.IsRunning))
        {
            recorder.Incident($"{member.Name} has ended by itself");
            await member.StartAsync();
        }
    }
}
