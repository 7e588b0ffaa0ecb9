using System.Collections.Immutable;
using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Rollouts;
using Orleans.Runtime;

namespace Kataven.Grains.Rollouts;

/// <summary>
/// Lets one rollout run at a time. Which one does is asked of the newest itself: so nothing has to be put right here when a process
/// dies between the end of one and a note of it.
/// </summary>
internal sealed class RolloutBoardGrain(
    [PersistentState("board")] IPersistentState<RolloutBoard> stored, AccountTable accounts, RolloutTargets targets) : Grain, IRolloutBoardGrain
{
    /// <summary>Rollouts that are kept: before a further one begins, the oldest are forgotten.</summary>
    public const int MaxRollouts = 100;

    private Guid? _ended;

    public async Task<RolloutResult> StartAsync(RolloutRequest request)
    {
        var (target, fault) = targets.Resolve(request.Target);
        if ((fault ?? await CanaryFaultAsync(request)) is { } wrong)
        {
            return RolloutResult.Refused(Refusal.Of(ErrorCode.InvalidRequest, wrong));
        }

        if (await FindUnderWayAsync() is { } other)
        {
            return RolloutResult.Refused(Refusal.Of(ErrorCode.RolloutRunning, "One rollout at a time: wait until the other has ended, or abort it.") with { OperationId = other });
        }

        foreach (var oldest in stored.State.Rollouts.Skip(MaxRollouts - 1))
        {
            await Rollout(oldest).ForgetAsync();
        }

        // Before it begins: one that nobody knows of could run beside another.
        var id = Guid.NewGuid();
        await WriteAsync([id, .. stored.State.Rollouts.Take(MaxRollouts - 1)]);
        return await Rollout(id).BeginAsync(request with { Target = target, Canaries = [.. request.Canaries.Distinct()] });
    }

    public async Task<ImmutableArray<Rollout>> ListAsync()
    {
        var results = await Task.WhenAll(stored.State.Rollouts.Select(id => Rollout(id).GetAsync(withFailures: false)));
        return [.. results.Select(result => result.Rollout).OfType<Rollout>()];
    }

    public async Task WakeAsync()
    {
        if (stored.State.Rollouts is [var newest, ..] && newest != _ended && !await Rollout(newest).WakeAsync())
        {
            // It is asked for every second: not once it is over.
            _ended = newest;
        }
    }

    public async Task ForgetAsync(DateTimeOffset endedBefore)
    {
        while (stored.State.Rollouts is [.. var newer, var oldest])
        {
            var rollout = (await Rollout(oldest).GetAsync(withFailures: false)).Rollout;
            if (rollout is not null && !(rollout.FinishedAt < endedBefore))
            {
                return;
            }

            await Rollout(oldest).ForgetAsync();
            await WriteAsync(newer);
        }
    }

    /// <summary>One whose beginning did not come to its end is not there.</summary>
    private async Task<Guid?> FindUnderWayAsync()
    {
        foreach (var id in stored.State.Rollouts)
        {
            if ((await Rollout(id).GetAsync(withFailures: false)).Rollout is { } rollout)
            {
                return rollout.FinishedAt is null ? id : null;
            }
        }

        return null;
    }

    private async Task<string?> CanaryFaultAsync(RolloutRequest request)
    {
        var active = (await accounts.ReadAsync(request.Canaries, default))
            .Where(row => row.Account.Status == AccountStatus.Active).Select(row => row.Id).ToHashSet();
        return request.Canaries.Where(canary => !active.Contains(canary)).Select(canary => canary.Value).FirstOrDefault() is { } unknown
            ? $"canaries: there is no active account \"{unknown}\"."
            : null;
    }

    private async Task WriteAsync(Guid[] rollouts)
    {
        stored.State = new RolloutBoard { Rollouts = rollouts };
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            // What was written is not known: the next activation reads it.
            DeactivateOnIdle();
            throw;
        }
    }

    private IRolloutGrain Rollout(Guid id) => GrainFactory.GetGrain<IRolloutGrain>(id);
}
