namespace Kataven.Grains.Connections;

/// <summary>How many lanes an account has, of those that it may, and what they do. Not thread-safe: the pool's lock guards it.</summary>
internal sealed class LanePlaces(int max, TimeProvider time)
{
    /// <summary>A place that was asked for in vain is kept for as long: whoever wanted it asks again sooner, or not at all.</summary>
    private static readonly TimeSpan KeepFor = TimeSpan.FromMilliseconds(100);

    private readonly int[] _counts = new int[Enum.GetValues<LaneState>().Length];
    private TaskCompletionSource? _empty;
    private long _keptUntil;

#if KATAVEN_MUTATIONS
    public int Max { get => Mutations.DropsCap ? 49 : field; set; } = max;
#else
    public int Max { get; set; } = max;
#endif

    public int Taken { get; private set; }

    public bool IsFree => Taken < Most;

    /// <summary>More are open than may be, those aside that are on their way out.</summary>
    public bool IsOver => Taken - Leaving > Most;

    /// <summary>The same, places aside that are kept.</summary>
    public bool IsOverMax => Taken - Leaving > Max;

    /// <summary>Lanes that a request can still get.</summary>
    public int Useful => Taken - Leaving - this[LaneState.Opening];

    /// <summary>Requests that have to wait for no more than that a lane is opened.</summary>
    public int Openable => Math.Max(0, Most - Taken) + this[LaneState.Opening];

    private int Leaving => this[LaneState.Broken] + this[LaneState.Closing];

    private int Most => Max - (time.GetTimestamp() < _keptUntil ? 1 : 0);

    public int this[LaneState state] => _counts[(int)state];

    /// <summary>Takes a place for a lane that will be opened.</summary>
    public void Take()
    {
        Taken++;
        _counts[(int)LaneState.Opening]++;
    }

    /// <summary>Takes a place; where none is free, the next that is given back is kept for a moment.</summary>
    public bool TryTakeOrKeep()
    {
        var isFree = Taken < Max;
        _keptUntil = isFree ? 0 : time.GetTimestamp() + (long)(KeepFor.TotalSeconds * time.TimestampFrequency);
        if (isFree)
        {
            Take();
        }

        return isFree;
    }

    public void Move(LaneState from, LaneState to)
    {
        _counts[(int)from]--;
        _counts[(int)to]++;
    }

    public void GiveBack(LaneState state)
    {
        Taken--;
        _counts[(int)state]--;
    }

    public Task WhenEmpty() => Taken == 0
        ? Task.CompletedTask
        : (_empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Whoever waits for all of them to be closed, where they are.</summary>
    public TaskCompletionSource? TakeEmpty()
    {
        var empty = Taken == 0 ? _empty : null;
        _empty = Taken == 0 ? null : _empty;
        return empty;
    }
}
