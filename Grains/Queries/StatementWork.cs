namespace Kataven.Grains.Queries;

/// <summary>How far a request has come: what its caller is told when it breaks depends on it.</summary>
internal sealed class StatementWork(StatementClock clock, int maxBytes)
{
    public StatementClock Clock { get; } = clock;

    public int MaxBytes { get; } = maxBytes;

    /// <summary>The statement of a transaction that runs, from 0, or null.</summary>
    public int? StatementIndex { get; set; }

    /// <summary>Something was sent that PostgreSQL commits by itself.</summary>
    public bool MayHaveWritten { get; private set; }

    /// <summary>What PostgreSQL commits by itself has come to its end: whatever fails behind it, that has happened.</summary>
    public bool HasRun { get; set; }

    /// <summary>The answer is one that was kept.</summary>
    public bool WasReplayed { get; set; }

    /// <summary>Just before something is sent that PostgreSQL commits by itself.</summary>
    /// <exception cref="OperationCanceledException">Its time is over, so it is not.</exception>
    public void Sends()
    {
        Clock.Token.ThrowIfCancellationRequested();
        MayHaveWritten = true;
    }
}
