using Kataven.Accounts;
using Kataven.Grains.Observability;
using Kataven.Rollouts;

namespace Kataven.Grains.Rollouts;

/// <summary>The work, beside the calls: what it remembers is touched on the grain's scheduler alone.</summary>
internal sealed partial class RolloutGrain
{
    /// <summary>After a failure of the system database, for one.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Dictionary<AccountId, Task> _migrations = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RolloutProgress? _progress;
    private int _left;
    private Task? _running;

    private void GoOn()
    {
        if (IsUnderWay && _running is null)
        {
            DelayDeactivation(Timeout.InfiniteTimeSpan);
            _running = RunAsync();
        }
    }

    private async Task RunAsync()
    {
        LogGoesOn(Id, State.Target, State.Phase, State.Wave);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (await StepAsync())
                {
                    DeactivateOnIdle();
                    return;
                }
            }
            catch (Exception exception) when (!_stop.IsCancellationRequested)
            {
                LogStepFailed(exception, Id);
                await Task.Delay(PauseAfterFailure, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    /// <summary>True when it has ended.</summary>
    private async Task<bool> StepAsync()
    {
        _progress ??= new RolloutProgress { Phase = State.Phase, Wave = State.Wave, Failed = (await table.CountAsync(Id, _stop.Token)).Failed };
        var request = State.ToRequest();
        var step = RolloutPlan.Next(request, _progress, State.Status);
        switch (step.Act)
        {
            case RolloutAct.Begin:
                _progress = _progress.Begun();
                _migrations[step.Account] = MigrateAsync(step.Account);
                return false;
            case RolloutAct.Look:
                await LookAsync(request, _progress);
                return false;
            case RolloutAct.Rest:
                if (!await ChangesAsync(RolloutPlan.RestBefore(_progress.Round)))
                {
                    _progress = _progress.Rested();
                }

                return false;
            case RolloutAct.GiveUp:
                await WriteDownAsync(new RolloutOutcome(
                    step.Account, RolloutEnd.Failed, Message: $"It was busy whenever it was tried: {_progress.PutOff[step.Account]}"));
                _progress = _progress.GaveUp();
                return false;
            case RolloutAct.End:
                return await TryEndAsync(step.Status);
            default:
                await ChangesAsync(Timeout.InfiniteTimeSpan);
                return false;
        }
    }

    private async Task LookAsync(RolloutRequest request, RolloutProgress progress)
    {
        var left = await table.LeftAsync(Id, _stop.Token);
        var next = RolloutPlan.Look(request, progress, left);
        if (next.Phase != progress.Phase || next.Wave != progress.Wave)
        {
            // Before the wave begins: whoever is not the one activation any more ends here.
            await TryWriteAsync(state => state with { Phase = next.Phase, Wave = next.Wave });
            LogWave(Id, next.Wave, left.Count);
        }

        _progress = next;
        TellLeft(left.Count);
    }

    /// <summary>In the background. It always ends, and never fails: else its account would stay under way.</summary>
    private async Task MigrateAsync(AccountId account)
    {
        var (target, actor) = (State.Target, State.Actor);
        try
        {
            var outcome = await Task.Run(() => migration.RunAsync(account, target, actor, _stop.Token));
            if (outcome.End == RolloutEnd.PutOff)
            {
                _progress = _progress!.Busy(account, outcome.Message ?? "");
                return;
            }

            await WriteDownAsync(outcome);
            _progress = _progress!.Ended(account, outcome.End == RolloutEnd.Failed);
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Whoever goes on looks at it again.
        }
        finally
        {
            _migrations.Remove(account);
            Changed();
        }
    }

    /// <summary>Tries until it is written: nobody else begins in the account's place before.</summary>
    private async Task WriteDownAsync(RolloutOutcome outcome)
    {
        while (true)
        {
            try
            {
                if (!await table.TryAddAsync(Id, outcome, _stop.Token))
                {
                    // Another activation's, unless the answer to an earlier try was lost: a write tells.
                    await TryWriteAsync(state => state);
                }

                break;
            }
            catch (Exception exception) when (!_stop.IsCancellationRequested)
            {
                LogStepFailed(exception, Id);
                await Task.Delay(PauseAfterFailure, time, _stop.Token);
            }
        }

        RolloutMetrics.Ended(outcome.End == RolloutEnd.Succeeded);
        TellLeft(Math.Max(0, _left - 1));
    }

    private void TellLeft(int accounts)
    {
        _left = accounts;
        if (!_stop.IsCancellationRequested)
        {
            // Else another silo tells of it, and nobody would take it back here.
            RolloutMetrics.Pending(accounts);
        }
    }

    /// <summary>False where it was changed meanwhile, and does not end so.</summary>
    private async Task<bool> TryEndAsync(RolloutStatus status)
    {
        var left = status == RolloutStatus.Succeeded ? 0 : await table.CountLeftAsync(Id, _stop.Token);
        var hasEnded = await TryWriteAsync(state => RolloutPlan.Next(state.ToRequest(), _progress!, state.Status) == new RolloutStep(RolloutAct.End, Status: status)
            ? state with { Status = status, FinishedAt = time.GetUtcNow(), Left = left }
            : null);
        if (hasEnded)
        {
            RolloutMetrics.Pending(0);
            LogEnded(Id, status, _progress!.Failed, left);
            await ForgetReminderAsync();
        }

        return hasEnded;
    }

    private void Changed() => _changed.TrySetResult();

    /// <summary>True when an account ended or somebody changed the rollout; false when nothing did for that long.</summary>
    private async Task<bool> ChangesAsync(TimeSpan atMost)
    {
        await _changed.Task.WaitAsync(atMost, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (!_changed.Task.IsCompleted)
        {
            return false;
        }

        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return true;
    }
}
