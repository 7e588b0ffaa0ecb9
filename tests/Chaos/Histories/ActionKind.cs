namespace Kataven.Chaos.Histories;

/// <summary>What a client asks of the service.</summary>
internal enum ActionKind
{
    /// <summary>Marked as one that only reads: it must not fail when a silo dies.</summary>
    Read,

    /// <summary>A SELECT whose caller says nothing of it.</summary>
    PlainRead,

    /// <summary>One row, sent as it stands: PostgreSQL commits it by itself.</summary>
    Insert,

    /// <summary>One row with RETURNING: the service commits it.</summary>
    InsertReturning,

    /// <summary>One row under an Idempotency-Key, sent until the answer is definite, and sometimes once more.</summary>
    KeyedInsert,

    /// <summary>Two rows in one transaction.</summary>
    Pair,

    /// <summary>Two rows in one transaction, of which the second is refused by the table.</summary>
    ForbiddenPair,

    /// <summary>Counts the tally up, and leaves a row with the number that it got.</summary>
    Increment,

    /// <summary>Two rows in a transaction of several calls, committed.</summary>
    Interactive,

    /// <summary>The same, rolled back.</summary>
    InteractiveRollback,
}
