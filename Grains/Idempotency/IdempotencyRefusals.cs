using Kataven.Errors;

namespace Kataven.Grains.Idempotency;

/// <summary>Why a request with a key does not run, or is undone.</summary>
internal static class IdempotencyRefusals
{
    private const int LookAgainSeconds = 60;

    /// <summary>Where an earlier try of the same request was lost, this says that it had not happened: the key is another's.</summary>
    public static readonly Refusal Conflict = Refusal.Of(
        ErrorCode.IdempotencyConflict,
        "This Idempotency-Key was used with another request: take a new key for each request, and the same only to repeat it.");

    public static readonly Refusal TransactionControl = new()
    {
        Code = ErrorCode.TransactionControl,
        Detail = "With an Idempotency-Key the service begins and ends the transaction: send one statement that writes, or several to /api/transaction.",
        DidNotRun = true,
    };

    /// <summary>Its row of the table is what says that it was committed.</summary>
    public static readonly Refusal RowRemoved = Refusal.Of(
        ErrorCode.InvalidRequest, "The request has changed or removed the row of its own Idempotency-Key in _kataven.idempotency. Nothing of it happened.");

    /// <summary>A transaction that nobody waits for any more has the key, and has not ended.</summary>
    public static readonly Refusal StillTaken = new()
    {
        Code = ErrorCode.DatabaseUnavailable,
        Detail = "An earlier request with this Idempotency-Key has not ended in PostgreSQL: send it again.",
        DidNotRun = true,
    };

    public static Refusal FirstStillRuns(TimeSpan waited) => new()
    {
        Code = ErrorCode.QueryTimeout,
        Detail = $"The first request with this Idempotency-Key still ran after {waited.TotalSeconds:0.###} s: send it again. The longest wait is that of a statement, Kataven:Tenants:Limits:StatementTimeout or the account's statement_timeout_ms.",
        Sql = new SqlError { SqlState = SqlStates.QueryCancelled, Message = "canceling statement due to statement timeout" },
        DidNotRun = true,
    };

    public static Refusal TooManyWait(int maxQueue) => new()
    {
        Code = ErrorCode.Overloaded,
        Detail = $"{maxQueue} requests wait for others with the same Idempotency-Key: raise Kataven:Tenants:Limits:MaxQueue, or the account's max_queue.",
        DidNotRun = true,
    };

    /// <summary>It had taken its key: so no earlier try of it has happened.</summary>
    public static Refusal TooManyKept(IdempotencyOptions options) => new()
    {
        Code = ErrorCode.RateLimited,
        Detail = $"The account keeps as many answers by Idempotency-Key as it may ({options.MaxKeys}, of {options.MaxTotalBytes} bytes together, for {options.KeepFor.TotalHours:0.###} h each): send writes without a key, wait until older ones have expired, or raise Kataven:Idempotency:MaxKeys, :MaxTotalBytes, or lower :KeepFor.",
        RetryAfterSeconds = LookAgainSeconds,
    };

    public static Refusal AnswerTooLong(int bytes, IdempotencyOptions options) => Refusal.Of(
        ErrorCode.ResultTooLarge,
        $"The answer has {bytes} bytes, and at most {options.MaxAnswerBytes} are kept for an Idempotency-Key. Nothing of the request happened: ask for less back, or raise Kataven:Idempotency:MaxAnswerBytes.");
}
