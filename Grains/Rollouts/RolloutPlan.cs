using System.Collections.Immutable;
using Kataven.Accounts;
using Kataven.Rollouts;

namespace Kataven.Grains.Rollouts;

/// <summary>Decides who is next: canaries, then waves, and those that were busy again at the end of each.</summary>
internal static class RolloutPlan
{
    /// <summary>How often accounts that are busy are tried again, before they are listed as failures: for about two hours, since a backup or a restore may be on them.</summary>
    public const int MaxRounds = 250;

    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    public static RolloutStep Next(RolloutRequest request, RolloutProgress progress, RolloutStatus status)
    {
        var isQuiet = progress.UnderWay.IsEmpty;
        if (status == RolloutStatus.Aborted)
        {
            return isQuiet ? End(RolloutStatus.Aborted) : Wait;
        }

        if (progress.Failed > request.MaxFailures)
        {
            return isQuiet ? End(RolloutStatus.Stopped) : Wait;
        }

        if (status != RolloutStatus.Running)
        {
            return Wait;
        }

        if (!progress.GivenUp.IsEmpty)
        {
            return new RolloutStep(RolloutAct.GiveUp, progress.GivenUp.Peek());
        }

        if (!progress.Waiting.IsEmpty)
        {
            return progress.UnderWay.Count < request.Parallelism ? new RolloutStep(RolloutAct.Begin, progress.Waiting.Peek()) : Wait;
        }

        // A wave is over when all of it has ended, and only then is the next one chosen.
        return !isQuiet ? Wait
            : progress.IsResting ? new RolloutStep(RolloutAct.Rest)
            : progress.IsDone ? End(RolloutStatus.Succeeded)
            : new RolloutStep(RolloutAct.Look);
    }

    /// <summary>Chooses whom the next stage is for. Nobody is under way.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="progress">Where it is.</param>
    /// <param name="left">The active accounts that have not ended, by slug.</param>
    public static RolloutProgress Look(RolloutRequest request, RolloutProgress progress, IReadOnlyList<AccountId> left)
    {
        var turn = left;
        if (progress.Phase == RolloutPhase.Canaries)
        {
            turn = [.. left.Intersect(request.Canaries)];
            if (turn.Count == 0)
            {
                (progress, turn) = (progress with { Phase = RolloutPhase.Waves, Round = 0, PutOff = progress.PutOff.Clear() }, left);
            }
        }

        var fresh = turn.Where(account => !progress.PutOff.ContainsKey(account));
        var stage = ImmutableQueue.CreateRange(progress.Phase == RolloutPhase.Canaries ? fresh : fresh.Take(request.WaveSize));
        if (!stage.IsEmpty)
        {
            return progress with { Waiting = stage, Wave = progress.Phase == RolloutPhase.Waves ? progress.Wave + 1 : progress.Wave };
        }

        return turn.Count == 0 ? progress with { IsDone = true }
            : progress.Round < MaxRounds ? progress with { IsResting = true }
            : progress with { GivenUp = ImmutableQueue.CreateRange(turn) };
    }

    /// <summary>How long accounts that are busy are left alone before that round: longer each time.</summary>
    public static TimeSpan RestBefore(int round) =>
        TimeSpan.FromTicks(Math.Min(LongestRest.Ticks, TimeSpan.TicksPerSecond << Math.Min(round, 10)));

    /// <summary>Whether one that stands so may be paused, resumed or aborted: what has ended stays as it is.</summary>
    public static bool MayBecome(RolloutStatus status, RolloutStatus wanted) =>
        status is RolloutStatus.Running or RolloutStatus.Paused || (status == RolloutStatus.Aborted && wanted == RolloutStatus.Aborted);

    private static RolloutStep Wait => new(RolloutAct.Wait);

    private static RolloutStep End(RolloutStatus status) => new(RolloutAct.End, Status: status);
}
