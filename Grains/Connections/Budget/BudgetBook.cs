namespace Kataven.Grains.Connections.Budget;

/// <summary>
/// Whose the connections of the budget are: silos that hold and want some, and processes that silos which died have left on the
/// server. Pure arithmetic. Not thread-safe.
/// </summary>
/// <typeparam name="TSilo">What names a silo.</typeparam>
internal sealed class BudgetBook<TSilo>
    where TSilo : notnull
{
    /// <summary>A silo gets spare slots while more than this part of the budget is free.</summary>
    private const int PlentyPart = 8;

    private readonly Dictionary<TSilo, Share> _shares = [];
    private long _turns;

    /// <summary>Connections that may be open.</summary>
    public int Budget { get; set; }

    /// <summary>Connections that nobody answers for, and that are still open.</summary>
    public int Orphans { get; set; }

    /// <summary>Whether all is known that silos hold. Before that nothing is given out.</summary>
    public bool IsComplete { get; set; }

    public int Free => IsComplete ? Budget - Orphans - _shares.Values.Sum(share => share.Held) : 0;

    public IEnumerable<TSilo> Silos => _shares.Keys;

    /// <summary>Those who could be granted something now, the longest waiting first.</summary>
    public IEnumerable<TSilo> Grantable => Free <= 0 ? [] : InTurn().Select(pair => pair.Key).ToList();

    /// <summary>Takes what a silo holds and wants, and grants what is free and nobody else's turn.</summary>
    /// <returns>Slots that are the silo's besides those that it holds.</returns>
    public int Lease(TSilo silo, SlotNeed need)
    {
        var share = _shares.TryGetValue(silo, out var known) ? known : _shares[silo] = new Share();
        share.Turn = need.Wanted == 0 ? 0 : share.Turn > 0 ? share.Turn : ++_turns;
        (share.Held, share.Wanted, share.Idle, share.Accounts) = (need.Held, need.Wanted, need.Idle, need.Accounts);
        var granted = Grant(share);
        if (granted == need.Wanted)
        {
            share.Turn = 0;
            granted += Math.Clamp(Free - granted - _shares.Values.Where(other => other != share).Sum(other => other.Wanted) - (Budget / PlentyPart), 0, need.Spare);
        }

        share.Held += granted;
        share.Wanted = Math.Max(0, need.Wanted - granted);
        return granted;
    }

    /// <summary>What is free goes to silos' claims first, and then to whatever else they want; each in turn.</summary>
    private int Grant(Share share)
    {
        var ahead = InTurn().Select(pair => pair.Value).TakeWhile(other => other != share).ToList();
        var claim = Claim(share);
        var claimed = Math.Clamp(Free - ahead.Sum(Claim), 0, claim);
        var left = Free - claimed - _shares.Values.Where(other => other != share).Sum(Claim) - ahead.Sum(other => other.Wanted - Claim(other));
        return claimed < claim ? claimed : claimed + Math.Clamp(left, 0, share.Wanted - claimed);
    }

    /// <summary>How many slots of a silo others wait for: idle ones first, then those beyond its part by the number of its accounts.</summary>
    public int Owed(TSilo silo)
    {
        var shortage = IsComplete ? _shares.Values.Sum(share => share.Wanted) - Free : 0;
        var gives = _shares.Values.ToDictionary(share => share, _ => 0);
        Take(share => share.Wanted == 0 ? share.Idle : 0, int.MaxValue);
        Take(share => share.Held - Part(share), _shares.Values.Sum(Claim) - Math.Max(0, Free));
        // More is leased than there is: the budget became smaller.
        Take(share => share.Held, -Free);
        return _shares.TryGetValue(silo, out var own) ? gives[own] : 0;

        void Take(Func<Share, int> canGive, int most)
        {
            foreach (var share in gives.Keys.OrderByDescending(canGive))
            {
                var left = Math.Max(0, Math.Min(canGive(share), share.Held) - gives[share]);
                var takes = Math.Clamp(Math.Min(shortage, most), 0, left);
                (shortage, most) = (shortage - takes, most - takes);
                gives[share] += takes;
            }
        }
    }

    /// <summary>A silo was not heard for a while: what it wanted is not kept for it, until it asks again.</summary>
    public void Quiet(TSilo silo)
    {
        if (_shares.TryGetValue(silo, out var share))
        {
            (share.Wanted, share.Turn) = (0, 0);
        }
    }

    /// <summary>A silo is dead: until its processes are counted, all that it held is taken to be open.</summary>
    public void Died(TSilo silo)
    {
        if (_shares.Remove(silo, out var share))
        {
            Orphans += share.Held;
        }
    }

    private IEnumerable<KeyValuePair<TSilo, Share>> InTurn() => _shares.Where(pair => pair.Value.Turn > 0).OrderBy(pair => pair.Value.Turn);

    /// <summary>
    /// What a silo wants and others have to give up though they use it: up to its part, and one where it has none. Beyond that it gets
    /// what is free or idle, or else the last slot would go round and be of use to nobody.
    /// </summary>
    private int Claim(Share share) => Math.Clamp(Math.Max(Part(share), 1) - share.Held, 0, share.Wanted);

    /// <summary>A silo's part of the budget, where parts go by accounts.</summary>
    private int Part(Share share)
    {
        var accounts = _shares.Values.Sum(other => other.Accounts);
        return accounts == 0 ? share.Held : (int)((long)Math.Max(0, Budget - Orphans) * share.Accounts / accounts);
    }

    private sealed class Share
    {
        public int Held { get; set; }

        public int Wanted { get; set; }

        public int Idle { get; set; }

        public int Accounts { get; set; }

        /// <summary>When it began to wait, in order; 0 where it does not.</summary>
        public long Turn { get; set; }
    }
}
