using System.Data;
using System.Diagnostics.CodeAnalysis;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Connections;
using Kataven.Grains.Tenants;
using Npgsql;

namespace Kataven.Grains.Queries;

/// <summary>Turns what was thrown while a statement ran into the refusal that its caller gets: the one place that does.</summary>
internal static class SqlFailure
{
    /// <summary>A statement can raise an error of a gigabyte, which each step up to the client would copy.</summary>
    private const int LongestText = 64 * 1024;

    /// <param name="exception">What was thrown.</param>
    /// <param name="clock">Knows whether the service ended it.</param>
    /// <param name="stopped">Why the account is refused, where it was stopped.</param>
    /// <param name="maxBytes">The limit that a result was too large for.</param>
    /// <param name="mayHaveWritten">A statement that may have written, and may have been committed, was sent.</param>
    /// <param name="hasRun">It has come to its end, so what was thrown is no answer to it.</param>
    public static Refusal ToRefusal(Exception exception, StatementClock clock, Refusal? stopped, int maxBytes, bool mayHaveWritten, bool hasRun = false) => exception switch
    {
        RefusedException refused => refused.Refusal,
        _ when mayHaveWritten && IsUnknown(exception, clock.Reason, stopped, hasRun) => Unanswered(clock),
        _ when clock.Reason != EndReason.None && !IsOrdinaryError(exception) => Ended(clock, stopped, maxBytes),
        PostgresException { SqlState: SqlStates.QueryCancelled } error => CancelledBySomebodyElse(error),
        // Short of FATAL it is the answer to the statement, which therefore has not happened.
        PostgresException { InvariantSeverity: "ERROR" } error when SqlStates.IsUnavailable(error.SqlState) => Of(error) with { Code = ErrorCode.DatabaseUnavailable },
        PostgresException error when SqlStates.IsUnavailable(error.SqlState) => Lost(mayHaveWritten, error.MessageText),
        PostgresException error => Of(error),
        // Thrown before it is sent; Npgsql breaks a connection on which COPY is under way, and says so in the same way.
        NotSupportedException => Copy,
        NpgsqlException or IOException or TimeoutException or ObjectDisposedException or InvalidOperationException =>
            Lost(mayHaveWritten, "The connection to the database was lost."),
        _ => Lost(mayHaveWritten, "The statement was interrupted."),
    };

    private static readonly Refusal Copy = new()
    {
        Code = ErrorCode.SqlError,
        Detail = "COPY to or from the client is not available here.",
        Sql = new SqlError { SqlState = SqlStates.FeatureNotSupported, Message = "COPY to or from the client is not available over HTTP" },
    };

    /// <summary>
    /// Whether a statement that PostgreSQL commits by itself was cancelled before it was sent. What was sent and then cancelled has what
    /// PostgreSQL said of it in the exception, or that it said nothing in time; or its connection was given up.
    /// </summary>
    public static bool WasNotSent(Exception exception, Lane lane, bool hasBegun) =>
        exception is OperationCanceledException { InnerException: null } && !hasBegun && lane.Connection.State == ConnectionState.Open;

    /// <summary>A statement was ended for its time, and nobody knows whether it had happened by then.</summary>
    public static bool IsUnansweredTimeout(Refusal? refusal) => refusal is { Code: ErrorCode.OutcomeUnknown, IsLasting: true };

    public static Refusal TimedOut(TimeSpan limit) => new()
    {
        Code = ErrorCode.QueryTimeout,
        Detail = $"The statement was cancelled after {limit.TotalSeconds:0.###} s. The longest time is Kataven:Tenants:Limits:StatementTimeout, or the account's statement_timeout_ms.",
        Sql = new SqlError { SqlState = SqlStates.QueryCancelled, Message = "canceling statement due to statement timeout" },
    };

    /// <summary>Nobody has said of what may have written, and was ended, that it has not happened.</summary>
    private static bool IsUnknown(Exception exception, EndReason reason, Refusal? stopped, bool hasRun) => reason switch
    {
        EndReason.CallerGone or EndReason.ResultTooLarge or EndReason.DuplicateColumn => false,
        _ when hasRun => true,
        // Whoever takes the account over ends its connections too (FATAL): that is a connection lost as any other.
        EndReason.AccountStopped when stopped is null or { Code: ErrorCode.DatabaseUnavailable } => LastWord(exception) != "ERROR",
        EndReason.TimeLimit or EndReason.AccountStopped or EndReason.StreamForgotten => LastWord(exception) is null,
        _ => false,
    };

    /// <summary>
    /// <c>ERROR</c>, or <c>FATAL</c> where its backend was told to end: PostgreSQL says neither of a statement that it has committed. Null
    /// where the connection was given up, or read to its end: the statement may have come to its own meanwhile.
    /// </summary>
    private static string? LastWord(Exception exception) => (exception as PostgresException ?? exception.InnerException as PostgresException)?.InvariantSeverity;

    private static Refusal Unanswered(StatementClock clock) => clock.Reason != EndReason.TimeLimit ? Lost(mayHaveWritten: true, "") : Refusal.Of(
        ErrorCode.OutcomeUnknown,
        $"The statement was cancelled after {clock.Limit.TotalSeconds:0.###} s, and its connection was lost before PostgreSQL had answered that: it may or may not have taken effect.") with
    {
        // Its time is over.
        IsLasting = true,
    };

    /// <summary>An error that the statement itself ran into before the service could end it.</summary>
    private static bool IsOrdinaryError(Exception exception) =>
        exception is PostgresException error && error.SqlState != SqlStates.QueryCancelled && !SqlStates.IsUnavailable(error.SqlState);

    private static Refusal Ended(StatementClock clock, Refusal? stopped, int maxBytes) => clock.Reason switch
    {
        EndReason.TimeLimit => TimedOut(clock.Limit),
        EndReason.AccountStopped => stopped ?? TenantRefusals.Moving,
        EndReason.ResultTooLarge => Refusal.Of(
            ErrorCode.ResultTooLarge,
            $"The result is longer than {maxBytes} bytes. Ask for less, stream it (Accept: application/x-ndjson or text/csv), or raise Kataven:Tenants:Limits:MaxResultBytes, or the account's max_result_bytes."),
        EndReason.DuplicateColumn => Refusal.Of(
            ErrorCode.DuplicateColumn,
            "With \"row_mode\": \"object\" each column needs a name of its own: rename one with AS, or use \"row_mode\": \"array\"."),
        EndReason.StreamForgotten => Refusal.Of(
            ErrorCode.QueryCancelled,
            "The client took nothing from the stream for longer than Kataven:Tenants:StreamIdleTimeout.") with
        {
            // The front door takes one that has no such word for a stream of which nobody knows the end.
            Sql = new SqlError { SqlState = SqlStates.QueryCancelled, Message = "canceling statement due to user request" },
        },
        _ => Refusal.Of(ErrorCode.QueryCancelled, "The client went away."),
    };

    private static Refusal CancelledBySomebodyElse(PostgresException error) =>
        // A limit that the account has set for itself (SET statement_timeout) is a time limit too.
        error.MessageText.Contains("timeout", StringComparison.Ordinal)
            ? Of(error) with { Code = ErrorCode.QueryTimeout }
            : Of(error) with { Code = ErrorCode.QueryCancelled };

    private static Refusal Lost(bool mayHaveWritten, string detail) => mayHaveWritten
        ? Refusal.Of(ErrorCode.OutcomeUnknown, "The connection was lost after the statement had been sent: it may or may not have taken effect.")
        : Databases.Unavailable(detail);

    private static Refusal Of(PostgresException error) => new()
    {
        Code = ErrorCode.SqlError,
        Detail = Cut(error.MessageText),
        Sql = new SqlError
        {
            SqlState = error.SqlState,
            Message = Cut(error.MessageText),
            Detail = Cut(error.Detail),
            Hint = Cut(error.Hint),
            Position = error.Position == 0 ? null : error.Position,
            Schema = Cut(error.SchemaName),
            Table = Cut(error.TableName),
            Column = Cut(error.ColumnName),
            Constraint = Cut(error.ConstraintName),
        },
    };

    [return: NotNullIfNotNull(nameof(text))]
    private static string? Cut(string? text) => text is { Length: > LongestText } ? text[..LongestText] : text;
}
