using Kataven.Queries;

namespace Kataven.Grains.Connections;

/// <summary>One caller's statement on its way through the fast lane.</summary>
internal sealed class FastRead(Statement statement, QueryOptions options, int maxBytes)
{
    // What a caller does with its answer must not run on the thread that answers the others.
    private readonly TaskCompletionSource<byte[]?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Statement Statement { get; } = statement;

    public QueryOptions Options { get; } = options;

    /// <summary>How long the answer may be.</summary>
    public int MaxBytes { get; } = maxBytes;

    /// <summary>The answer, or null where the statement has to run on a lane of its own: then it has had no effect.</summary>
    public Task<byte[]?> Answer => _answer.Task;

    public bool IsAnswered => _answer.Task.IsCompleted;

    /// <summary>Nothing remembers the text as one for the fast lane from now on.</summary>
    public bool WasUnfit { get; private set; }

    public void Done(byte[] answer) => _answer.TrySetResult(answer);

    /// <summary>It needs a lane of its own, this time.</summary>
    public void SendElsewhere() => _answer.TrySetResult(null);

    /// <summary>It needs a lane of its own, and so will its text the next time.</summary>
    public void Refuse()
    {
        WasUnfit = true;
        SendElsewhere();
    }
}
