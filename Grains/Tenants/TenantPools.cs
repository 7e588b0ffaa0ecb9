using System.Collections.Concurrent;
using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Grains.Cluster;
using Kataven.Grains.Connections;
using Kataven.Grains.Connections.Budget;
using Kataven.Grains.Isolation;
using Kataven.Grains.Queries.Fast;
using Kataven.Observability;
using Kataven.Tenants;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Tenants;

/// <summary>The pools of this silo: what <c>/pools</c> and the metrics read, and who is told when an account's row changes.</summary>
internal sealed class TenantPools
{
    private readonly ConcurrentDictionary<TenantPool, TenantPool> _pools = new();
    private readonly SystemDatabase _system;
    private readonly CredentialStore _credentials;
    private readonly IsolationAlarm _alarm;
    private readonly AccountRole _roles;
    private readonly LaneOpenings _openings;
    private readonly ConnectionSlots _slots;
    private readonly SiloPulse _pulse;
    private readonly IOptions<TenantOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger<LaneSource> _logger;
    private readonly AccountDirectory _directory;

    public TenantPools(
        SystemDatabase system,
        CredentialStore credentials,
        IsolationAlarm alarm,
        AccountRole roles,
        AccountDirectory directory,
        LaneOpenings openings,
        ConnectionSlots slots,
        SiloPulse pulse,
        IOptions<TenantOptions> options,
        TimeProvider time,
        ILogger<LaneSource> logger)
    {
        (_system, _credentials, _alarm, _roles, _directory) = (system, credentials, alarm, roles, directory);
        (_openings, _pulse) = (openings, pulse);
        (_slots, _options, _time, _logger) = (slots, options, time, logger);
        directory.Changed += Apply;
    }

    /// <param name="account">The account.</param>
    /// <param name="adopt">Puts its database and role in order, where the server refuses the role.</param>
    /// <param name="stopped">Called when the account's row stops it.</param>
    public TenantPool Open(AccountId account, Func<Task<AccountResult>> adopt, Action stopped)
    {
        TenantPool? pool = null;
        var source = new LaneSource(account, _system, _credentials, _alarm, _roles, _openings, adopt, () => pool!.Lose(), _pulse, _logger);
        pool = new TenantPool(account, _directory.Find(account), _options.Value.Limits, source, _slots, new FastGroups(), _time)
        {
            HeldRequestTimeout = _options.Value.HeldRequestTimeout,
            TellToEnd = (lane, cancellation) => _roles.TellToEndAsync(lane.Role, lane.ProcessId, lane.AgeAtLeast, cancellation),
        };
        pool.Stopped += stopped;
        _pools[pool] = pool;
        // A change that came between the look and the entry told nobody; one that comes now must not be undone.
        AccountRow? row;
        do
        {
            row = _directory.Find(account);
            pool.Apply(row);
        }
        while (row != _directory.Find(account));
        return pool;
    }

    public async Task CloseAsync(TenantPool pool)
    {
        await pool.DisposeAsync().ConfigureAwait(false);
        _pools.TryRemove(pool, out _);
    }

    public IReadOnlyCollection<TenantPool> All => [.. _pools.Keys];

    /// <summary>Cancels whatever runs on this silo.</summary>
    public void BreakOff()
    {
        foreach (var pool in _pools.Keys)
        {
            pool.BreakOff();
        }
    }

    public List<PoolReport> Report(string silo) => [.. _pools.Keys.Select(pool => pool.Report(silo))];

    /// <summary>All lanes of this silo, by what they do.</summary>
    public IEnumerable<LaneCounts> Lanes() => _pools.Keys.Select(pool => pool.Lanes.Counts);

    public IEnumerable<AccountActivity> Activity() => _pools.Keys.Select(pool => pool.Activity);

    private void Apply(AccountId account, AccountRow? row)
    {
        foreach (var pool in _pools.Keys)
        {
            if (pool.Account == account)
            {
                pool.Apply(row);
            }
        }
    }
}
