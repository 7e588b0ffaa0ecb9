using Kataven.Grains.Cluster;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Connections.Budget;

/// <summary>
/// Keeps the <see cref="BudgetBook{TSilo}"/>. An activation that knows nothing yet gives nothing out before each silo has told what it
/// holds, and processes that none answers for were counted.
/// </summary>
internal sealed partial class ConnectionBudgetGrain(
    BudgetSize size,
    TenantSilos silos,
    LeaseClient client,
    OrphanCount orphans,
    TimeProvider time,
    ILogger<ConnectionBudgetGrain> logger) : Grain, IConnectionBudgetGrain
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Less than <see cref="ConnectionSlots.LeaseFor"/>: a database that does not answer must not make it look as if this silo stood still.</summary>
    private static readonly TimeSpan LookWithin = TimeSpan.FromSeconds(2);

    /// <summary>How often processes that no silo answers for are counted, where there are some.</summary>
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(1);

    /// <summary>A silo that was asked to tell is not asked again before this.</summary>
    private static readonly TimeSpan AskAfter = TimeSpan.FromMilliseconds(20);

    /// <summary>What a silo wants that was not heard for as long is not kept for it.</summary>
    private static readonly TimeSpan QuietAfter = TimeSpan.FromSeconds(1.5);

    private readonly BudgetBook<SiloAddress> _book = new();
    private readonly Dictionary<SiloAddress, long> _numbers = [];
    private readonly Dictionary<SiloAddress, long> _askedAt = [];
    private readonly Dictionary<SiloAddress, long> _heardAt = [];
    private HashSet<SiloAddress> _unheard = [];
    private int _processes;
    private long _lookedAt;
    private long _lostAt;
    private long _countedAt;
    private bool _hasLost;
    private bool _isCounted;
    private DateTime? _before;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _processes = silos.Processes;
        _book.Budget = await size.GetAsync(_processes);
        _unheard = [.. silos.All(GrainType)];
        _lookedAt = _lostAt = time.GetTimestamp();
        this.RegisterGrainTimer(LookAsync, new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = LookEvery, Interleave = true, KeepAlive = true });
    }

    public Task<LeaseAnswer> LeaseAsync(LeaseCall call, CancellationToken cancellation)
    {
        if (silos.IsDead(call.Silo))
        {
            throw new InvalidOperationException("The silo was declared dead: what it leased was given to others.");
        }

        if (call.Number <= _numbers.GetValueOrDefault(call.Silo))
        {
            return Task.FromResult(new LeaseAnswer(0, 0, _book.Budget));
        }

        if (time.GetElapsedTime(_lookedAt) > ConnectionSlots.LeaseFor)
        {
            // This silo stood still: what it takes to be so may be another activation's by now.
            DeactivateOnIdle();
            throw new InvalidOperationException("The owner of the budget has not looked at the cluster for too long.");
        }

        _heardAt[call.Silo] = time.GetTimestamp();
        _numbers[call.Silo] = call.Number;
        _unheard.Remove(call.Silo);
        Complete();
        var granted = _book.Lease(call.Silo, call.Need);
        var owed = _book.Owed(call.Silo);
        AskOthers(call.Silo);
        return Task.FromResult(new LeaseAnswer(granted, owed, _book.Budget));
    }

    private GrainType GrainType => GrainContext.GrainId.Type;

    private async Task LookAsync(CancellationToken cancellation)
    {
        _lookedAt = time.GetTimestamp();
        foreach (var (silo, _) in _heardAt.Where(heard => time.GetElapsedTime(heard.Value) >= QuietAfter).ToList())
        {
            _book.Quiet(silo);
        }

        var living = silos.All(GrainType);
        foreach (var dead in _book.Silos.Except(living).Where(silos.IsDead).ToList())
        {
            _book.Died(dead);
            _ = _numbers.Remove(dead) | _askedAt.Remove(dead) | _heardAt.Remove(dead);
            (_hasLost, _lostAt, _before) = (true, time.GetTimestamp(), null);
        }

        _unheard.IntersectWith(living);
        foreach (var silo in _unheard)
        {
            Ask(silo);
        }

        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(LookWithin);
            await ResizeAsync(limit.Token);
            await CountAsync(limit.Token);
        }
        catch (Exception exception)
        {
            // The system database is away: what is known stays as it is.
            LogLookFailed(exception);
        }

        Complete();
        AskOthers(null);
    }

    private async Task ResizeAsync(CancellationToken cancellation)
    {
        if (silos.Processes is var processes && processes != _processes)
        {
            _book.Budget = await size.GetAsync(processes).WaitAsync(cancellation);
            _processes = processes;
        }
    }

    /// <summary>
    /// Counts what no silo answers for: at the beginning at once, and again when a silo that was lost cannot open any more with
    /// what it had leased.
    /// </summary>
    private async Task CountAsync(CancellationToken cancellation)
    {
        var isOver = time.GetElapsedTime(_lostAt) >= ConnectionSlots.LeaseFor;
        var isFinal = isOver && _before is null;
        var isToRecount = _book.Orphans > 0 && (isOver || !_hasLost) && time.GetElapsedTime(_countedAt) >= CountEvery;
        if (_unheard.Count > 0 || (_isCounted && !isFinal && !isToRecount))
        {
            return;
        }

        var before = (isOver ? _before : null) ?? await orphans.NowAsync(cancellation);
        var known = await Task.WhenAll(silos.All(GrainType).Select(client.ProcessesAsync)).WaitAsync(cancellation);
        var count = await orphans.CountAsync(known.SelectMany(processes => processes), before, cancellation);
        if (count != _book.Orphans)
        {
            LogOrphans(count);
        }

        _book.Orphans = count;
        (_isCounted, _countedAt) = (true, time.GetTimestamp());
        _before = isOver ? before : null;
        _hasLost &= !isOver;
    }

    private void Complete() => _book.IsComplete = _isCounted && _unheard.Count == 0;

    /// <summary>Those who could get something now, and those who are to give something up, tell what they hold.</summary>
    private void AskOthers(SiloAddress? caller)
    {
        foreach (var silo in _book.Grantable.Concat(_book.Silos.Where(silo => _book.Owed(silo) > 0)).Where(silo => !silo.Equals(caller)).Distinct().ToList())
        {
            Ask(silo);
        }
    }

    private void Ask(SiloAddress silo)
    {
        if (_askedAt.TryGetValue(silo, out var at) && time.GetElapsedTime(at) < AskAfter)
        {
            return;
        }

        _askedAt[silo] = time.GetTimestamp();
        client.AskAsync(silo).Ignore();
    }
}
