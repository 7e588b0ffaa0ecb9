using Kataven.Cluster;
using Kataven.Errors;
using Kataven.Grains.Observability;
using Kataven.Rollouts;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Storage;

namespace Kataven.Grains.Rollouts;

/// <summary>
/// One rollout. <see cref="RolloutPlan"/> decides; this keeps the state, answers while accounts are migrated, and goes on where
/// another activation was: a reminder, and whoever asks how it stands, activate it.
/// </summary>
[Reentrant]
internal sealed partial class RolloutGrain(
    [PersistentState("rollout")] IPersistentState<RolloutState> stored,
    RolloutTable table,
    RolloutMigration migration,
    TimeProvider time,
    ILogger<RolloutGrain> logger) : Grain, IRolloutGrain, IRemindable
{
    /// <summary>Failures that an answer lists.</summary>
    public const int MaxFailuresListed = 1000;

    private const string ReminderName = "go on";

    private static readonly TimeSpan RemindEvery = TimeSpan.FromMinutes(1);

    /// <summary>How long a pause or an abortion waits for what runs, so that mostly its answer is the last word.</summary>
    private static readonly TimeSpan QuietWithin = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _stop = new();

    private Guid Id => this.GetPrimaryKey();

    private RolloutState State => stored.State;

    /// <summary>It may be paused; or aborted, while accounts still end.</summary>
    private bool IsUnderWay => stored.RecordExists && State.FinishedAt is null;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // What goes on from here is no part of the call that woke it.
        SenderMembership.Take();
        GoOn();
        return Task.CompletedTask;
    }

    public async Task<RolloutResult> BeginAsync(RolloutRequest request)
    {
        // Without the reminder nobody would go on after a crash. Without the state the reminder removes itself.
        await this.RegisterOrUpdateReminder(ReminderName, RemindEvery, RemindEvery);
        await TryWriteAsync(_ => stored.RecordExists ? null : RolloutState.Begin(request, time.GetUtcNow()));
        GoOn();
        return await GetAsync(withFailures: true);
    }

    public async Task<RolloutResult> GetAsync(bool withFailures)
    {
        if (!stored.RecordExists)
        {
            DeactivateOnIdle();
            return RolloutResult.NotFound();
        }

        var (succeeded, failed) = await table.CountAsync(Id, default);
        return RolloutResult.Of(new Rollout
        {
            Id = Id,
            Status = State.Status,
            Request = State.ToRequest(),
            Succeeded = succeeded,
            Failed = failed,
            Pending = State.FinishedAt is null ? await table.CountLeftAsync(Id, default) : State.Left,
            Wave = State.Wave,
            StartedAt = State.StartedAt,
            FinishedAt = State.FinishedAt,
            Failures = withFailures ? await table.FailuresAsync(Id, MaxFailuresListed, default) : [],
        });
    }

    /// <summary>To be activated is all that it takes.</summary>
    public Task<bool> WakeAsync() => Task.FromResult(IsUnderWay);

    public Task<RolloutResult> PauseAsync() => ChangeAsync(RolloutStatus.Paused);

    public Task<RolloutResult> ResumeAsync() => ChangeAsync(RolloutStatus.Running);

    public Task<RolloutResult> AbortAsync() => ChangeAsync(RolloutStatus.Aborted);

    public async Task ForgetAsync()
    {
        if (IsUnderWay)
        {
            throw new InvalidOperationException("A rollout that is under way is not forgotten.");
        }

        await table.ForgetAsync(Id, default);
        await stored.ClearStateAsync();
        DeactivateOnIdle();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (!IsUnderWay)
        {
            await ForgetReminderAsync();
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // It goes on elsewhere.
        await _stop.CancelAsync();
        if (IsUnderWay)
        {
            RolloutMetrics.Pending(0);
        }
    }

    private async Task<RolloutResult> ChangeAsync(RolloutStatus wanted)
    {
        if (!stored.RecordExists)
        {
            return await GetAsync(withFailures: false);
        }

        await TryWriteAsync(state => RolloutPlan.MayBecome(state.Status, wanted) && state.Status != wanted ? state with { Status = wanted } : null);
        if (State.Status != wanted)
        {
            return RolloutResult.Refused(Refusal.Of(ErrorCode.InvalidRequest, $"The rollout has ended: it is {RolloutStatusText.Of(State.Status)}."));
        }

        Changed();
        if (wanted != RolloutStatus.Running)
        {
            await WhenQuietAsync(wanted).WaitAsync(QuietWithin, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        return await GetAsync(withFailures: true);
    }

    private Task WhenQuietAsync(RolloutStatus wanted) =>
        Task.WhenAll(_migrations.Values.Append(wanted == RolloutStatus.Aborted ? _running ?? Task.CompletedTask : Task.CompletedTask));

    /// <summary>
    /// Writes the state that <paramref name="change"/> makes of the present one; false where that is null. One at a time: of two writes
    /// at once the second would have the number of before the first.
    /// </summary>
    /// <exception cref="InconsistentStateException">Another activation has written: this one is over.</exception>
    private async Task<bool> TryWriteAsync(Func<RolloutState, RolloutState?> change)
    {
        await _writing.WaitAsync();
        var before = stored.State;
        try
        {
            if (change(before) is not { } next)
            {
                return false;
            }

            stored.State = next;
            await stored.WriteStateAsync();
            return true;
        }
        catch (InconsistentStateException exception)
        {
            stored.State = before;
            LeaveToOthers(exception);
            throw;
        }
        catch
        {
            stored.State = before;
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    private void LeaveToOthers(Exception exception)
    {
        LogTakenOver(exception, Id);
        _stop.Cancel();
        DeactivateOnIdle();
    }

    private async Task ForgetReminderAsync()
    {
        try
        {
            if (await this.GetReminder(ReminderName) is { } reminder)
            {
                await this.UnregisterReminder(reminder);
            }
        }
        catch (Exception exception)
        {
            // It comes once more, and tries again.
            LogReminderLeft(exception, Id);
        }
    }
}
