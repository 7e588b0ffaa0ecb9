using System.Collections.Immutable;
using Kataven.Accounts;

namespace Kataven.Grains.Rollouts;

/// <summary>Where a rollout is, as whoever works on it remembers it. After a crash only phase, wave and failures are known again.</summary>
internal sealed record RolloutProgress
{
    public RolloutPhase Phase { get; init; }

    /// <summary>The wave that runs: 0 before the first.</summary>
    public int Wave { get; init; }

    /// <summary>How often the accounts that were busy were tried again.</summary>
    public int Round { get; init; }

    /// <summary>True while time has to go by before they are.</summary>
    public bool IsResting { get; init; }

    /// <summary>True when a look found nobody who is left.</summary>
    public bool IsDone { get; init; }

    /// <summary>Accounts that failed, since the rollout began.</summary>
    public int Failed { get; init; }

    /// <summary>The canaries, or the wave, that have not begun.</summary>
    public ImmutableQueue<AccountId> Waiting { get; init; } = [];

    public ImmutableHashSet<AccountId> UnderWay { get; init; } = [];

    /// <summary>Those that were busy in this round, and why.</summary>
    public ImmutableDictionary<AccountId, string> PutOff { get; init; } = ImmutableDictionary<AccountId, string>.Empty;

    /// <summary>Those that were busy in every round.</summary>
    public ImmutableQueue<AccountId> GivenUp { get; init; } = [];

    /// <summary>The account at the head of <see cref="Waiting"/> has begun.</summary>
    public RolloutProgress Begun() => this with { Waiting = Waiting.Dequeue(out var account), UnderWay = UnderWay.Add(account) };

    /// <summary>It has ended, and that is written down.</summary>
    public RolloutProgress Ended(AccountId account, bool hasFailed) =>
        this with { UnderWay = UnderWay.Remove(account), Failed = hasFailed ? Failed + 1 : Failed };

    /// <summary>It could not be migrated now.</summary>
    public RolloutProgress Busy(AccountId account, string reason) =>
        this with { UnderWay = UnderWay.Remove(account), PutOff = PutOff.SetItem(account, reason) };

    /// <summary>Time has gone by: those that were busy are tried again.</summary>
    public RolloutProgress Rested() => this with { IsResting = false, Round = Round + 1, PutOff = PutOff.Clear() };

    /// <summary>The account at the head of <see cref="GivenUp"/> is written down as failed. Those that are busy from now on have all rounds again.</summary>
    public RolloutProgress GaveUp()
    {
        var rest = GivenUp.Dequeue(out var account);
        return this with { GivenUp = rest, Failed = Failed + 1, PutOff = PutOff.Remove(account), Round = rest.IsEmpty ? 0 : Round };
    }
}
