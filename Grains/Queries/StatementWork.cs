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

    /// <summary>PostgreSQL has begun to answer the statement.</summary>
    public bool HasBegun { get; set; }

    /// <summary>It is a statement, and not the end of a transaction.</summary>
    public bool IsAlone { get; private set; }

    /// <summary>Just before something is sent that PostgreSQL commits by itself.</summary>
    /// <param name="isAlone">Whether it is a statement.</param>
    /// <exception cref="OperationCanceledException">Its time is over, so it is not.</exception>
    public void Sends(bool isAlone = false)
    {
        IsAlone = isAlone;
        Clock.Token.ThrowIfCancellationRequested();
        MayHaveWritten = true;
    }
}
