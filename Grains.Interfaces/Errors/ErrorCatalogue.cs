namespace Kataven.Errors;

/// <summary>Every error code of the service, in one place. The documents are compared with it by a test.</summary>
public static class ErrorCatalogue
{
    public static IReadOnlyDictionary<ErrorCode, ErrorEntry> Entries { get; } = new Dictionary<ErrorCode, ErrorEntry>
    {
        [ErrorCode.InternalError] = new("internal_error", 500, "Internal error"),
        [ErrorCode.Unauthorized] = new("unauthorized", 401, "A valid bearer token is required"),
        [ErrorCode.MissingAccount] = new("missing_account", 400, "Missing account"),
        [ErrorCode.InvalidAccount] = new("invalid_account", 400, "Invalid account"),
        [ErrorCode.AmbiguousAccount] = new("ambiguous_account", 400, "Ambiguous account"),
        [ErrorCode.ReservedAccount] = new("reserved_account", 403, "Reserved account"),
        [ErrorCode.AccountForbidden] = new("account_forbidden", 403, "The token may not act for this account"),
        [ErrorCode.AccountInactive] = new("account_inactive", 403, "The account is not active"),
        [ErrorCode.AdminOnly] = new("admin_only", 403, "For the system administration account only"),
        [ErrorCode.InvalidRequest] = new("invalid_request", 400, "Invalid request"),
        [ErrorCode.NotFound] = new("not_found", 404, "Not found"),
        [ErrorCode.MethodNotAllowed] = new("method_not_allowed", 405, "Method not allowed"),
        [ErrorCode.UnsupportedMediaType] = new("unsupported_media_type", 415, "Unsupported media type"),
        [ErrorCode.RequestTooLarge] = new("request_too_large", 413, "The request is too large"),
        [ErrorCode.ResultTooLarge] = new("result_too_large", 413, "The result is too large"),
        [ErrorCode.DuplicateColumn] = new("duplicate_column", 400, "Two columns of one name"),
        [ErrorCode.TransactionControl] = new("transaction_control", 400, "Transaction control is not available here"),
        [ErrorCode.TransactionFailed] = new("transaction_failed", 409, "A statement of the transaction had failed"),
        [ErrorCode.TransactionLost] = new("transaction_lost", 410, "The transaction has ended"),
        [ErrorCode.SqlError] = new("sql_error", 400, "PostgreSQL reported an error"),
        [ErrorCode.QueryTimeout] = new("query_timeout", 504, "The statement ran for longer than its time limit"),
        [ErrorCode.QueryCancelled] = new("query_cancelled", 409, "The statement was cancelled"),
        [ErrorCode.DatabaseUnavailable] = new("database_unavailable", 503, "The database is not available", 1),
        [ErrorCode.OutcomeUnknown] = new("outcome_unknown", 503, "It is not known whether the statement took effect"),
        [ErrorCode.Overloaded] = new("overloaded", 503, "Too many requests for this account wait", 1),
        [ErrorCode.RateLimited] = new("rate_limited", 429, "Too many requests", 1),
        [ErrorCode.IsolationViolation] = new("isolation_violation", 503, "The database is not the account's"),
        [ErrorCode.AccountExists] = new("account_exists", 409, "The account exists"),
        [ErrorCode.AccountNotFound] = new("account_not_found", 404, "No such account"),
        [ErrorCode.AccountHeld] = new("account_held", 503, "An operation holds the account", 1),
        [ErrorCode.OperationRunning] = new("operation_running", 409, "Another operation is on the account"),
        [ErrorCode.OperationNotFound] = new("operation_not_found", 404, "No such operation"),
        [ErrorCode.BackupNotFound] = new("backup_not_found", 404, "No such backup"),
        [ErrorCode.RolloutNotFound] = new("rollout_not_found", 404, "No such rollout"),
        [ErrorCode.RolloutRunning] = new("rollout_running", 409, "Another rollout is under way"),
        [ErrorCode.MigrationFailed] = new("migration_failed", 409, "A migration failed"),
        [ErrorCode.OperationFailed] = new("operation_failed", 409, "The operation failed"),
        [ErrorCode.IdempotencyConflict] = new("idempotency_conflict", 422, "The Idempotency-Key was used with another request"),
    };

    public static ErrorEntry Of(ErrorCode code) => Entries[code];
}
