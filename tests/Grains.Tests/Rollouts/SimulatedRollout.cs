using Kataven.Accounts;
using Kataven.Grains.Rollouts;
using Kataven.Rollouts;

namespace Kataven.Grains.Tests.Rollouts;

/// <summary>A rollout whose table and whose accounts are lists. It looks at what must hold whenever somebody begins.</summary>
internal sealed class SimulatedRollout
{
    private const int MostSteps = 20_000;

    private readonly RolloutRequest _request;
    private readonly List<AccountId> _active = [];
    private readonly Dictionary<AccountId, bool> _rows = [];
    private readonly HashSet<AccountId> _wave = [];
    private List<AccountId> _looked = [];
    private RolloutProgress _progress = new();
    private (RolloutPhase Phase, int Wave) _stored;
    private RolloutStatus _status;
    private int _created;

    public SimulatedRollout(int waveSize, int parallelism, int maxFailures, int canaries, int accounts)
    {
        for (var i = 0; i < accounts; i++)
        {
            Create();
        }

        _request = new RolloutRequest(1, [.. _active.TakeLast(canaries)], waveSize, parallelism, maxFailures, "tester");
    }

    /// <summary>How it ended, or null while it has not.</summary>
    public RolloutStatus? Ended { get; private set; }

    /// <summary>Accounts that were left then, though the last look had found them.</summary>
    public int LeftAtEnd { get; private set; }

    public int Failed => _rows.Values.Count(hasSucceeded => !hasSucceeded);

    private List<AccountId> Left => [.. _active.Where(account => !_rows.ContainsKey(account)).Order(Comparer<AccountId>.Create((a, b) => string.CompareOrdinal(a.Value, b.Value)))];

    public void Do(SimulatedAct act, int which)
    {
        var running = _progress.UnderWay.OrderBy(account => account.Value, StringComparer.Ordinal).ToList();
        switch (act)
        {
            case SimulatedAct.Step:
                Step();
                break;
            case SimulatedAct.End or SimulatedAct.Fail when running.Count > 0:
                End(running[which % running.Count], act == SimulatedAct.Fail);
                break;
            case SimulatedAct.Busy when running.Count > 0:
                _progress = _progress.Busy(running[which % running.Count], "busy");
                break;
            case SimulatedAct.Create when Ended is null:
                Create();
                break;
            case SimulatedAct.Leave when _active.Except(running).ToList() is { Count: > 0 } idle:
                _active.Remove(idle[which % idle.Count]);
                break;
            case SimulatedAct.Pause or SimulatedAct.Resume:
                _status = act == SimulatedAct.Pause ? RolloutStatus.Paused : RolloutStatus.Running;
                break;
            case SimulatedAct.Crash:
                // Those that were under way may have been migrated or not: they are looked at again.
                _progress = new RolloutProgress { Phase = _stored.Phase, Wave = _stored.Wave, Failed = Failed };
                break;
        }
    }

    public void RunToItsEnd()
    {
        _status = RolloutStatus.Running;
        for (var steps = 0; Ended is null; steps++)
        {
            Assert.True(steps < MostSteps, "it does not come to its end");
            if (Step() == RolloutAct.Wait)
            {
                Assert.NotEmpty(_progress.UnderWay);
                End(_progress.UnderWay.First(), hasFailed: false);
            }
        }
    }

    private RolloutAct Step()
    {
        if (Ended is not null)
        {
            return RolloutAct.End;
        }

        var step = RolloutPlan.Next(_request, _progress, _status);
        switch (step.Act)
        {
            case RolloutAct.Begin:
                CheckBegin(step.Account);
                _progress = _progress.Begun();
                break;
            case RolloutAct.Look:
                Assert.Empty(_progress.UnderWay);
                _looked = Left;
                _progress = RolloutPlan.Look(_request, _progress, _looked);
                _stored = (_progress.Phase, _progress.Wave);
                _wave.Clear();
                break;
            case RolloutAct.Rest:
                _progress = _progress.Rested();
                break;
            case RolloutAct.GiveUp:
                Assert.Equal(RolloutPlan.MaxRounds, _progress.Round);
                Assert.True(_rows.TryAdd(step.Account, false), $"{step.Account} comes twice");
                _progress = _progress.GaveUp();
                break;
            case RolloutAct.End:
                Assert.Empty(_progress.UnderWay);
                (Ended, LeftAtEnd) = (step.Status, Left.Intersect(_looked).Count());
                break;
        }

        return step.Act;
    }

    private void CheckBegin(AccountId account)
    {
        Assert.Equal(RolloutStatus.Running, _status);
        Assert.DoesNotContain(account, _progress.UnderWay);
        Assert.DoesNotContain(account, _rows.Keys);
        Assert.True(_progress.UnderWay.Count < _request.Parallelism, "more than may are under way");
        Assert.True(Failed <= _request.MaxFailures, "too many have failed");
        if (!_request.Canaries.Contains(account))
        {
            Assert.Empty(_request.Canaries.Intersect(_active).Except(_rows.Keys));
            Assert.True(_wave.Add(account) && _wave.Count <= _request.WaveSize, "the wave is too large");
        }
    }

    private void End(AccountId account, bool hasFailed)
    {
        Assert.True(_rows.TryAdd(account, !hasFailed), $"{account} comes twice");
        _progress = _progress.Ended(account, hasFailed);
    }

    private void Create() => _active.Add(AccountId.Parse($"a{(_created * 7) % 100:00}-{_created++}"));
}
