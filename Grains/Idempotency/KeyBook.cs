namespace Kataven.Grains.Idempotency;

/// <summary>
/// How many answers an account keeps, and how long they are together, as its one owner knows it: counted in the database once, and
/// again where they seem too many. So no request pays for counting. Thread-safe.
/// </summary>
internal sealed class KeyBook(IdempotencyOptions options, TimeProvider time)
{
    /// <summary>Expired answers that are removed at a time: a few milliseconds.</summary>
    public const int PurgeAtMost = 1_000;

    /// <summary>How often it is looked for expired answers, unless there were more than could be removed.</summary>
    public static readonly TimeSpan PurgeEvery = TimeSpan.FromMinutes(1);

    /// <summary>How often a full book is counted anew: the account may have removed some itself.</summary>
    public static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long? _countedAt;
    private long? _purgedAt;
    private long _keys;
    private long _bytes;
    private int _running;

    /// <summary>Whether expired answers are to be removed now; whoever is told so does it.</summary>
    public bool IsPurgeDue()
    {
        lock (_lock)
        {
            if (_purgedAt is { } last && time.GetElapsedTime(last) < (IsFull_NeedsLock() ? CountEvery : PurgeEvery))
            {
                return false;
            }

            _purgedAt = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>Whether they are to be counted now; whoever is told so does it.</summary>
    public bool IsCountDue()
    {
        lock (_lock)
        {
            if (_countedAt is { } last && (!IsFull_NeedsLock() || time.GetElapsedTime(last) < CountEvery))
            {
                return false;
            }

            _countedAt = time.GetTimestamp();
            return true;
        }
    }

    public void Purged(int keys, long bytes)
    {
        lock (_lock)
        {
            (_keys, _bytes) = (Math.Max(0, _keys - keys), Math.Max(0, _bytes - bytes));
            if (keys == PurgeAtMost)
            {
                _purgedAt = null;
            }
        }
    }

    /// <summary>As they were counted in the database, which does not see those that run.</summary>
    public void Counted(long keys, long bytes)
    {
        lock (_lock)
        {
            (_keys, _bytes) = (keys + _running, bytes);
        }
    }

    /// <summary>They could not be counted.</summary>
    public void NotCounted()
    {
        lock (_lock)
        {
            _countedAt = null;
        }
    }

    /// <summary>A place for one answer more; each that is taken is followed by <see cref="End"/>.</summary>
    public bool TryBegin()
    {
        lock (_lock)
        {
            if (IsFull_NeedsLock())
            {
                return false;
            }

            _keys++;
            _running++;
            return true;
        }
    }

    /// <param name="bytes">Of the answer that was kept; null where none was, or where that is not known.</param>
    public void End(int? bytes)
    {
        lock (_lock)
        {
            _running--;
            (_keys, _bytes) = bytes is { } kept ? (_keys, _bytes + kept) : (Math.Max(0, _keys - 1), _bytes);
        }
    }

    private bool IsFull_NeedsLock() => _keys >= options.MaxKeys || _bytes >= options.MaxTotalBytes;
}
