namespace Kataven.Grains.Queries;

/// <summary>How far a request has come: what its caller is told when it breaks depends on it.</summary>
internal sealed class StatementWork(StatementClock clock, int maxBytes)
{
    public StatementClock Clock { get; } = clock;

    public int MaxBytes { get; } = maxBytes;

    /// <summary>The statement of a transaction that runs, from 0, or null.</summary>
    public int? StatementIndex { get; set; }

    /// <summary>Something was sent that PostgreSQL commits by itself.</summary>
    public bool MayHaveWritten { get; set; }

    /// <summary>The answer is one that was kept.</summary>
    public bool WasReplayed { get; set; }
}
