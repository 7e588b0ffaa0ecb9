using Kataven.Errors;
using Kataven.Grains.Tenants;

namespace Kataven.Grains.Transactions;

/// <summary>Why a call about an interactive transaction is refused. Each that a setting is the reason of names it.</summary>
internal static class TransactionRefusals
{
    public static readonly Refusal Control = new()
    {
        Code = ErrorCode.TransactionControl,
        Detail = "This transaction is ended by its routes: PUT …/commit commits it, DELETE rolls it back. SAVEPOINT, RELEASE and ROLLBACK TO are available.",
        DidNotRun = true,
    };

    /// <summary>What PostgreSQL says of a statement behind one that has failed.</summary>
    public static readonly Refusal Aborted = new()
    {
        Code = ErrorCode.SqlError,
        Detail = "A statement of the transaction has failed: roll it back, or back to a savepoint.",
        Sql = new SqlError
        {
            SqlState = SqlStates.InFailedTransaction,
            Message = "current transaction is aborted, commands ignored until end of transaction block",
        },
    };

    public static readonly Refusal Failed = Refusal.Of(
        ErrorCode.TransactionFailed, "A statement of the transaction had failed, so it was rolled back: nothing of it has happened.");

    public static Refusal TooMany(int most, TenantLimits limits) => Overloaded(
        $"{most} of {most} transactions were open for {limits.WaitTimeout.TotalSeconds:0.###} s: end them sooner, or raise Kataven:Transactions:MaxOpen, or where that leaves no lane for other requests Kataven:Tenants:Limits:MaxLanes or the account's max_lanes.");

    public static Refusal TooManyWait(TenantLimits limits) => Overloaded(
        $"{limits.MaxQueue} requests wait for this already: raise Kataven:Tenants:Limits:MaxQueue, or the account's max_queue.");

    public static Refusal StatementsBefore(TenantLimits limits) => Overloaded(
        $"The statements of the transaction that came before took longer than {limits.WaitTimeout.TotalSeconds:0.###} s: send one when the answer to the last is there, or raise Kataven:Tenants:Limits:WaitTimeout, or the account's wait_timeout_ms.");

    /// <param name="end">How it ended; null where nobody knows it any more.</param>
    /// <param name="options">The limits that it had.</param>
    public static Refusal Lost(TransactionEnd? end, TransactionOptions options) => Refusal.Of(ErrorCode.TransactionLost, end switch
    {
        TransactionEnd.Committed => "The transaction was committed.",
        TransactionEnd.RolledBack => "The transaction was rolled back, as was asked for.",
        TransactionEnd.CommitFailed => "The transaction was rolled back when it was to be committed.",
        TransactionEnd.CommitUnknown => "The connection was lost while the transaction was committed.",
        TransactionEnd.LeaseOver => $"The transaction was rolled back: nothing came for {options.IdleLease.TotalSeconds:0.###} s, which is Kataven:Transactions:IdleLease.",
        TransactionEnd.DurationOver => $"The transaction was rolled back after {options.MaxDuration.TotalSeconds:0.###} s, which is Kataven:Transactions:MaxDuration.",
        TransactionEnd.LimitLowered => "The transaction was rolled back: the account may have fewer at one time than were open (max_lanes).",
        TransactionEnd.AccountStopped => "The transaction was rolled back: the account was not active any more.",
        TransactionEnd.AccountHeld => "The transaction was rolled back: an operation needed the account's database for itself.",
        TransactionEnd.AccountMoved => "The transaction was rolled back: the account moves to another silo.",
        TransactionEnd.ConnectionLost => "The transaction was rolled back: its connection to PostgreSQL was lost.",
        _ => "The transaction has ended, or its silo was lost. What it had not committed was rolled back.",
    });

    private static Refusal Overloaded(string detail) => new()
    {
        Code = ErrorCode.Overloaded,
        Detail = detail,
        DidNotRun = true,
    };
}
