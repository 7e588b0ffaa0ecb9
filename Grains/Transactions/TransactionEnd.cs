namespace Kataven.Grains.Transactions;

/// <summary>How an interactive transaction ended. All but the first were rolled back, unless it is said.</summary>
internal enum TransactionEnd
{
    Committed,

    /// <summary>As its client asked for.</summary>
    RolledBack,

    /// <summary>A statement had failed before its commit, or the commit did.</summary>
    CommitFailed,

    /// <summary>The connection was lost during its commit: nobody knows.</summary>
    CommitUnknown,

    /// <summary>Who began it had gone before its id came to be known.</summary>
    CallerGone,

    LeaseOver,

    DurationOver,

    /// <summary>The account may have fewer.</summary>
    LimitLowered,

    AccountStopped,

    AccountHeld,

    /// <summary>The activation goes: its silo stops, or its pool is closed.</summary>
    AccountMoved,

    ConnectionLost,
}
