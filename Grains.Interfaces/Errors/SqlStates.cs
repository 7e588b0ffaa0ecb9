namespace Kataven.Errors;

/// <summary>What an SQLSTATE means over HTTP: the one table of that kind.</summary>
/// <remarks>57014 is no member: whether it was the time limit, the client or the service is known to whoever ran the statement.</remarks>
public static class SqlStates
{
    public const string QueryCancelled = "57014";

    public const string FeatureNotSupported = "0A000";

    public const string InFailedTransaction = "25P02";

    public static ErrorCode CodeOf(string sqlState) => IsUnavailable(sqlState) ? ErrorCode.DatabaseUnavailable : ErrorCode.SqlError;

    public static int StatusOf(string sqlState) => sqlState switch
    {
        "23505" or "23503" or "23P01" or "40001" or "40P01" => 409,
        "42501" or "25006" => 403,
        "42P01" or "42883" => 404,
        _ when IsUnavailable(sqlState) => 503,
        _ => 400,
    };

    /// <summary>The same statement may succeed when it is sent again: serialization failure, deadlock.</summary>
    public static bool IsRetryable(string sqlState) => sqlState is "40001" or "40P01";

    /// <summary>The server, not the statement, is at fault: out of resources, shutting down, connection broken.</summary>
    public static bool IsUnavailable(string sqlState) => sqlState switch
    {
        "53400" or "08P01" => false,
        "57P01" or "57P02" or "57P03" => true,
        _ => sqlState.StartsWith("53", StringComparison.Ordinal) || sqlState.StartsWith("08", StringComparison.Ordinal),
    };
}
