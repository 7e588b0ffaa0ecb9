namespace Kataven.Errors;

/// <summary>Why a request was refused, or failed. <see cref="ErrorCatalogue"/> has each one's spelling, status and title.</summary>
[GenerateSerializer, Alias("kataven.ErrorCode")]
public enum ErrorCode
{
    InternalError,
    Unauthorized,
    MissingAccount,
    InvalidAccount,
    AmbiguousAccount,
    ReservedAccount,
    AccountForbidden,
    AccountInactive,
    AdminOnly,
    InvalidRequest,
    NotFound,
    MethodNotAllowed,
    UnsupportedMediaType,
    RequestTooLarge,
    ResultTooLarge,
    DuplicateColumn,
    TransactionControl,
    SqlError,
    QueryTimeout,
    QueryCancelled,
    DatabaseUnavailable,
    OutcomeUnknown,
    Overloaded,
    RateLimited,
    IsolationViolation,
    AccountExists,
    AccountNotFound,
}
