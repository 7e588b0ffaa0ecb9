using Kataven.Observability;
using Kataven.Tenants;

namespace Kataven.Grains.Tenants;

// What it publishes: nobody has to call the grain for it.
internal sealed partial class TenantPool
{
    public AccountActivity Activity
    {
        get
        {
            var lanes = Lanes.Counts;
            lock (_lock)
            {
                return new AccountActivity(Account, _traffic.Admitted, lanes.Open, lanes.NotIdle, lanes.Waiting + (_hold?.Waiting ?? 0));
            }
        }
    }

    public PoolReport Report(string silo)
    {
        var lanes = Lanes.Counts;
        lock (_lock)
        {
            return new PoolReport
            {
                Account = Account,
                Silo = silo,
                State = _retired || _closing || _refusal is not null ? PoolState.Closing : _hold is null ? PoolState.Serving : PoolState.Held,
                LanesOpen = lanes.Open,
                LanesBusy = lanes.NotIdle,
                Waiting = lanes.Waiting + (_hold?.Waiting ?? 0),
                Age = _time.GetElapsedTime(_bornAt),
                Idle = _traffic.IdleFor,
            };
        }
    }
}
