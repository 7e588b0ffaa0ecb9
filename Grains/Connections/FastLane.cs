using Kataven.Grains.Observability;

namespace Kataven.Grains.Connections;

/// <summary>
/// ⑤ One connection of an account on which many callers' reads go out together. While a group is under way, the reads that come
/// wait; when it is back they are the next group. So a lone read goes out at once, and under load each round trip carries many.
/// Thread-safe.
/// </summary>
/// <remarks>
/// Its session is read only, with short limits, all of it in the start-up packet. Nothing that runs here changes it, so it is never
/// reset: what could is kept away by its text, and where that is not known any more the connection is replaced.
/// </remarks>
internal sealed class FastLane : ILaneGuest
{
    /// <summary>Statements in one round trip: more bring no more, and make each of them wait for all.</summary>
    public const int LargestGroup = 32;

    /// <summary>Reads that may wait for the next groups: beyond that the other lanes, and their queue, take them.</summary>
    public const int LongestQueue = 1_024;

    /// <summary>A group that takes longer than this hangs: PostgreSQL itself ends each statement after a fraction of it.</summary>
    public static readonly TimeSpan GroupLimit = TimeSpan.FromSeconds(5);

    private readonly LanePool _places;
    private readonly FastConnections _connections;
    private readonly IFastGroups _groups;
    private readonly TimeProvider _time;
    private readonly FastDemand _demand;
    private readonly Lock _lock = new();
    private readonly Queue<FastRead> _waiting = new();
    private Lane? _lane;
    private CancellationTokenSource _stop = new();
    private bool _running;
    private bool _opening;
    private bool _outdated;
    private bool _stopped;
    private TaskCompletionSource? _replaced;
    private long _shutUntil;
    private long _usedAt;

    public FastLane(LanePool places, ILaneSource source, IFastGroups groups, TimeProvider time)
    {
        (_places, _groups, _time) = (places, groups, time);
        (_connections, _demand) = (new FastConnections(places, source), new FastDemand(FastDemand.OpensAfter, time));
        _ = new FastYield(places, this, time);
    }

    public long? IdleSince
    {
        get
        {
            lock (_lock)
            {
                return _lane is null || _running ? null : _usedAt;
            }
        }
    }

    /// <summary>Takes a read in. False where it has to go to another lane: nobody waits here until a connection is open.</summary>
    public bool TryTake(FastRead read)
    {
        Lane? lane;
        CancellationToken stop;
        lock (_lock)
        {
            if (_stopped || _waiting.Count >= LongestQueue)
            {
                return false;
            }

            (lane, stop) = (_lane, _stop.Token);
            if (lane is not null)
            {
                _waiting.Enqueue(read);
                if (_running)
                {
                    return true;
                }

                _running = true;
                _places.GuestMoved(lane, LaneState.Busy);
            }
            else if (_opening || _time.GetTimestamp() < _shutUntil || !_demand.IsEnough())
            {
                return false;
            }
            else
            {
                _opening = true;
            }
        }

        if (lane is null)
        {
            var opening = OpenAsync(stop);
            return opening.IsCompletedSuccessfully && opening.Result && TryTake(read);
        }

        // On this thread: a lone read does not wait for another one to wake up.
        _ = RunAsync(lane);
        return true;
    }

    /// <summary>
    /// Sends elsewhere what waits, closes the connection, and returns when no group is under way on it. What comes then gets
    /// another one.
    /// </summary>
    public Task ReplaceAsync()
    {
        Lane? idle;
        List<FastRead> waiting;
        var done = Task.CompletedTask;
        lock (_lock)
        {
            waiting = TakeWaiting_NeedsLock();
            idle = TakeIdle_NeedsLock();
            _outdated = _opening;
            if (_running)
            {
                done = (_replaced ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }

        waiting.ForEach(read => read.SendElsewhere());
        // Nobody waits for the closing itself.
        _ = _connections.CloseAsync(idle, broken: false);
        return done;
    }

    /// <summary>Takes nothing in any more, ends what runs, and closes the connection.</summary>
    public void Stop()
    {
        Lane? idle;
        List<FastRead> waiting;
        CancellationTokenSource stop;
        lock (_lock)
        {
            (_stopped, stop, waiting, idle) = (true, _stop, TakeWaiting_NeedsLock(), TakeIdle_NeedsLock());
        }

        waiting.ForEach(read => read.SendElsewhere());
        _ = stop.CancelAsync();
        _ = _connections.CloseAsync(idle, broken: false);
    }

    public void Start()
    {
        lock (_lock)
        {
            if (_stopped)
            {
                (_stopped, _stop) = (false, new CancellationTokenSource());
            }
        }
    }

    private async Task RunAsync(Lane lane)
    {
        await FastPause.ForOthersAsync().ConfigureAwait(false);
        var group = new List<FastRead>(LargestGroup);
        FastRead? lone = null;
        while (TakeGroup(group) is { } stop)
        {
            FastLaneMetrics.Sent(group.Count);
            lone?.Release(here: false);
            lone = group is [var only] ? only.Keep() : null;
            if (!Settle(group, await RunAsync(lane, group, stop).ConfigureAwait(false)))
            {
                break;
            }
        }

        lone?.Release(here: true);
    }

    private async Task<FastGroupEnd> RunAsync(Lane lane, List<FastRead> group, CancellationToken stop)
    {
        using var timed = new CancellationTokenSource(GroupLimit, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop, timed.Token);
        return await _groups.RunAsync(lane, group, limit.Token).ConfigureAwait(false);
    }

    /// <summary>The next group: what is left of the last, behind the statement that failed, and whoever has come. Null where nobody has.</summary>
    private CancellationToken? TakeGroup(List<FastRead> group)
    {
        Lane? idle = null;
        TaskCompletionSource? replaced;
        lock (_lock)
        {
            while (group.Count < LargestGroup && _waiting.TryDequeue(out var read))
            {
                group.Add(read);
            }

            if (group.Count > 0)
            {
                return _stop.Token;
            }

            _running = false;
            _usedAt = _time.GetTimestamp();
            (replaced, _replaced) = (_replaced, null);
            if (replaced is not null || _stopped)
            {
                idle = TakeIdle_NeedsLock();
            }

            Tell_NeedsLock(LaneState.Idle);
        }

        replaced?.SetResult();
        _ = _connections.CloseAsync(idle, broken: false);
        return null;
    }

    /// <summary>After a group: what has no answer goes into the next one. False where the lane is gone, and all of it went elsewhere.</summary>
    private bool Settle(List<FastRead> group, FastGroupEnd end)
    {
        Lane? lane = null;
        TaskCompletionSource? replaced;
        var isOver = end == FastGroupEnd.Broken || _places.MustGuestYield;
        group.RemoveAll(read => read.IsAnswered);
        lock (_lock)
        {
            isOver |= _replaced is not null || _stopped;
            (replaced, _replaced) = (_replaced, null);
            if (isOver)
            {
                (lane, _lane, _running) = (_lane, null, false);
                group.AddRange(TakeWaiting_NeedsLock());
            }
        }

        (isOver ? group : []).ForEach(read => read.SendElsewhere());
        replaced?.SetResult();
        // Nobody waits for the closing: one that broke may take as long as PostgreSQL's process lives.
        _ = _connections.CloseAsync(lane, end == FastGroupEnd.Broken);
        return !isOver;
    }

    private async Task<bool> OpenAsync(CancellationToken stop)
    {
        var (lane, pause) = await _connections.OpenAsync(stop).ConfigureAwait(false);
        Lane? unwanted = null;
        lock (_lock)
        {
            (_opening, var outdated, _outdated) = (false, _outdated, false);
            _shutUntil = _time.GetTimestamp() + (long)(pause.TotalSeconds * _time.TimestampFrequency);
            if (outdated || _stopped)
            {
                unwanted = lane;
            }
            else if (lane is not null)
            {
                (_lane, _usedAt) = (lane, _time.GetTimestamp());
                Tell_NeedsLock(LaneState.Idle);
            }
        }

        _ = _connections.CloseAsync(unwanted, broken: false);
        return lane is not null && unwanted is null;
    }

    /// <summary>Closes the connection where nothing is under way on it, and tells whether it does.</summary>
    public bool TryClose()
    {
        Lane? idle;
        lock (_lock)
        {
            idle = TakeIdle_NeedsLock();
        }

        _ = _connections.CloseAsync(idle, broken: false);
        return idle is not null;
    }

    private void Tell_NeedsLock(LaneState state)
    {
        if (_lane is not null)
        {
            _places.GuestMoved(_lane, state);
        }
    }

    private List<FastRead> TakeWaiting_NeedsLock()
    {
        List<FastRead> waiting = [.. _waiting];
        _waiting.Clear();
        return waiting;
    }

    private Lane? TakeIdle_NeedsLock()
    {
        var idle = _running ? null : _lane;
        _lane = _running ? _lane : null;
        return idle;
    }
}
