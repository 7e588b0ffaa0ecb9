using Kataven.Chaos.Histories;
using Kataven.Chaos.Planning;
using Npgsql;

namespace Kataven.Chaos.Operating;

/// <summary>Does to accounts what operators do, one thing after the other, while processes and connections fail.</summary>
internal sealed class Operator(
    Accounts accounts,
    SuspensionWork suspension,
    RestoreWork restore,
    CloneWork clone,
    RolloutWork rollout,
    RecreationWork recreation,
    Recorder recorder,
    IEnumerable<PlannedFault> plan)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var work in plan)
        {
            await recorder.Clock.PauseAsync(work.Pause, cancellation);
            if (cancellation.IsCancellationRequested)
            {
                return;
            }

            await TryAsync(work);
        }
    }

    private async Task TryAsync(PlannedFault work)
    {
        var account = work.Kind == DisturbanceKind.Recreation ? accounts.Mortal(work.Target) : accounts.Stable(work.Target);
        var target = work.Kind == DisturbanceKind.Rollout ? "" : account.Account;
        var from = recorder.Clock.Now;
        var (ended, result) = (from, "");
        try
        {
            (ended, result) = work.Kind switch
            {
                DisturbanceKind.Suspension => await suspension.RunAsync(account, work.Length),
                DisturbanceKind.Restore => await restore.RunAsync(account, work.Length),
                DisturbanceKind.Clone => await clone.RunAsync(account),
                DisturbanceKind.Rollout => await rollout.RunAsync(),
                _ => await recreation.RunAsync(work.Target),
            };
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException or KeyNotFoundException or PostgresException)
        {
            result = exception.Message;
            ended = recorder.Clock.Now;
            recorder.Incident($"{work.Kind} {target} came to no end: {exception.Message}");
        }

        recorder.Add(new Disturbance(work.Kind, target, from, ended, recorder.Clock.Now, result));
    }
}
