using Kataven.Queries;

namespace Kataven.Grains.Connections;

/// <summary>One caller's statement on its way through the fast lane.</summary>
internal sealed class FastRead(Statement statement, QueryOptions options, int maxBytes)
{
    private readonly TaskCompletionSource<byte[]?> _answer = new();
    private byte[]? _result;
    private bool _isKept;

    public Statement Statement { get; } = statement;

    public QueryOptions Options { get; } = options;

    /// <summary>How long the answer may be.</summary>
    public int MaxBytes { get; } = maxBytes;

    /// <summary>The answer, or null where the statement has to run on a lane of its own: then it has had no effect.</summary>
    public Task<byte[]?> Answer => _answer.Task;

    public bool IsAnswered { get; private set; }

    /// <summary>Nothing remembers the text as one for the fast lane from now on.</summary>
    public bool WasUnfit { get; private set; }

    public void Done(byte[] answer) => Answered(answer);

    /// <summary>It needs a lane of its own, this time.</summary>
    public void SendElsewhere() => Answered(null);

    /// <summary>It needs a lane of its own, and so will its text the next time.</summary>
    public void Refuse()
    {
        WasUnfit = true;
        SendElsewhere();
    }

    /// <summary>It is alone in its group: its caller hears of the answer when the lane is free again, and on the lane's thread.</summary>
    public FastRead Keep()
    {
        _isKept = true;
        return this;
    }

    /// <summary>Tells the caller of a read that was kept.</summary>
    /// <param name="here">Whether what it does next may run on this thread.</param>
    public void Release(bool here)
    {
        _isKept = false;
        if (here)
        {
            _answer.TrySetResult(_result);
        }
        else
        {
            Tell();
        }
    }

    private void Answered(byte[]? answer)
    {
        if (IsAnswered)
        {
            return;
        }

        (_result, IsAnswered) = (answer, true);
        if (!_isKept)
        {
            Tell();
        }
    }

    // What a caller does with its answer must not run on the thread that answers the others.
    private void Tell() => ThreadPool.UnsafeQueueUserWorkItem(static read => read._answer.TrySetResult(read._result), this, preferLocal: false);
}
