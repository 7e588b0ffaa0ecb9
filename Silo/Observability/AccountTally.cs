using Kataven.Accounts;

namespace Kataven.Observability;

/// <summary>
/// Which accounts of one source are named, and what is counted for the others. Counts only grow: what an account did while
/// it was not named stays with the others. Not thread-safe.
/// </summary>
internal sealed class AccountTally(IAccountActivitySource source, int named)
{
    private readonly Dictionary<AccountId, long> _seen = [];
    private readonly Dictionary<AccountId, double> _heat = [];
    private Dictionary<AccountId, long> _requests = [];
    private long _otherRequests;

    public IAccountActivitySource Source => source;

    /// <summary>The busiest, by name, and last the others with no account.</summary>
    public List<AccountActivity> Take()
    {
        var now = source.Now().ToList();
        var news = now.Select(activity => Count(activity)).ToList();
        Forget(now);
        var busiest = _heat.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Value, StringComparer.Ordinal)
            .Take(named).Select(pair => pair.Key).ToHashSet();
        _requests = _requests.Where(pair => busiest.Contains(pair.Key)).ToDictionary();
        var rows = new List<AccountActivity>();
        var others = new AccountActivity(null, 0);
        for (var i = 0; i < now.Count; i++)
        {
            var activity = now[i];
            if (activity.Account is { } account && busiest.Contains(account))
            {
                _requests[account] = _requests.GetValueOrDefault(account) + news[i];
                rows.Add(activity with { Requests = _requests[account] });
            }
            else
            {
                _otherRequests += news[i];
                others = new AccountActivity(
                    null, 0, others.LanesOpen + activity.LanesOpen, others.LanesBusy + activity.LanesBusy, others.Waiting + activity.Waiting);
            }
        }

        rows.Add(others with { Requests = _otherRequests });
        return rows;
    }

    /// <summary>Requests since the last time, and how busy the account is, the last time counting half.</summary>
    private long Count(AccountActivity activity)
    {
        var key = activity.Account ?? default;
        var last = _seen.GetValueOrDefault(key);
        var news = activity.Requests >= last ? activity.Requests - last : activity.Requests;
        _seen[key] = activity.Requests;
        if (activity.Account is { } account)
        {
            _heat[account] = (_heat.GetValueOrDefault(account) / 2) + news + activity.LanesBusy + activity.Waiting;
        }

        return news;
    }

    private void Forget(List<AccountActivity> now)
    {
        var live = now.Select(activity => activity.Account ?? default).ToHashSet();
        foreach (var gone in _seen.Keys.Where(key => !live.Contains(key)).ToList())
        {
            _seen.Remove(gone);
            _heat.Remove(gone);
        }
    }
}
