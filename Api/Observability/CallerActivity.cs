using System.Collections.Concurrent;
using Kataven.Accounts;
using Kataven.Observability;
using Microsoft.Extensions.Options;

namespace Kataven.Api.Observability;

/// <summary>How many requests each account has sent to this front door. Counted only where the management address tells it.</summary>
internal sealed class CallerActivity(IOptions<ManagementOptions> management) : IAccountActivitySource
{
    /// <summary>Accounts that are told apart; those that come later are counted together.</summary>
    private const int Capacity = 20_000;

    private readonly bool _counts = management.Value.Urls.Count > 0;
    private readonly ConcurrentDictionary<AccountId, RequestCount> _requests = new();
    private readonly RequestCount _others = new();

    public string Place => "front";

    public bool HasLanes => false;

    public void Requested(AccountId account)
    {
        if (_counts)
        {
            Interlocked.Increment(ref CountOf(account).Value);
        }
    }

    public IEnumerable<AccountActivity> Now() => _requests
        .Select(pair => new AccountActivity(pair.Key, Volatile.Read(ref pair.Value.Value)))
        .Append(new AccountActivity(null, Volatile.Read(ref _others.Value)));

    private RequestCount CountOf(AccountId account) => _requests.TryGetValue(account, out var count)
        ? count
        : _requests.Count < Capacity ? _requests.GetOrAdd(account, static _ => new RequestCount()) : _others;

    private sealed class RequestCount
    {
        public long Value;
    }
}
