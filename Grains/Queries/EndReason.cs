namespace Kataven.Grains.Queries;

/// <summary>Why the service ended a statement before its end.</summary>
internal enum EndReason
{
    None,
    TimeLimit,
    CallerGone,
    AccountStopped,
    ResultTooLarge,
    DuplicateColumn,
    StreamForgotten,
}
