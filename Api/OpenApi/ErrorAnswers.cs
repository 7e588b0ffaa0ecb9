using System.Text.Json.Nodes;
using Kataven.Api.Tenancy;
using Kataven.Errors;

namespace Kataven.Api.OpenApi;

/// <summary>The error answers of a route: a status each, with the codes that it may have. They come from the catalogue itself.</summary>
internal static class ErrorAnswers
{
    private static readonly HashSet<ErrorCode> OfAdministrators = [ErrorCode.AdminOnly, ErrorCode.AccountExists, ErrorCode.AccountNotFound];

    /// <summary>What only comes of running SQL, or of finding out for which account.</summary>
    private static readonly HashSet<ErrorCode> OfAccounts =
    [
        ErrorCode.MissingAccount, ErrorCode.AmbiguousAccount, ErrorCode.AccountForbidden, ErrorCode.ResultTooLarge, ErrorCode.DuplicateColumn,
        ErrorCode.TransactionControl, ErrorCode.SqlError, ErrorCode.QueryTimeout, ErrorCode.QueryCancelled, ErrorCode.Overloaded,
        ErrorCode.IsolationViolation, ErrorCode.TransactionFailed, ErrorCode.TransactionLost, ErrorCode.IdempotencyConflict,
    ];

    /// <summary>Of every route.</summary>
    private static readonly HashSet<ErrorCode> OfAll = [ErrorCode.InternalError, ErrorCode.MethodNotAllowed];

    /// <summary>Statuses of SQL errors that have one of their own, besides the catalogue's.</summary>
    private static readonly int[] SqlErrorStatuses = [.. new[] { "42501", "42P01", "23505" }.Select(SqlStates.StatusOf)];

    /// <summary>Every code there is.</summary>
    public static JsonArray Codes() =>
        [.. ErrorCatalogue.Entries.Values.Select(entry => entry.Code).Order(StringComparer.Ordinal).Select(code => (JsonNode)code)];

    /// <summary>The whole catalogue as a table, for people.</summary>
    public static string Table() => string.Join('\n', ErrorCatalogue.Entries.Values.OrderBy(entry => entry.Status).ThenBy(entry => entry.Code, StringComparer.Ordinal)
        .Select(entry => $"| `{entry.Code}` | {entry.Status} | {entry.Title} |")
        .Prepend("|---|---|---|").Prepend("| code | status | title |"));

    /// <param name="audience">Whom the route is for; null for everybody.</param>
    /// <param name="named">Codes of a route that is for everybody.</param>
    public static IEnumerable<(int Status, JsonObject Answer)> Of(RouteAudience? audience, IReadOnlyCollection<string> named) =>
        from code in ErrorCatalogue.Entries.Keys
        where Concerns(code, audience) || named.Contains(ErrorCatalogue.Of(code).Code)
        from status in StatusesOf(code)
        group code by status into codes
        orderby codes.Key
        select (codes.Key, Answer(codes.Key, [.. codes]));

    private static bool Concerns(ErrorCode code, RouteAudience? audience) => audience switch
    {
        null => OfAll.Contains(code),
        { IsAdministrators: true } => !OfAccounts.Contains(code) && code != ErrorCode.RateLimited,
        _ => !OfAdministrators.Contains(code),
    };

    private static IEnumerable<int> StatusesOf(ErrorCode code)
    {
        var status = ErrorCatalogue.Of(code).Status;
        return code == ErrorCode.SqlError ? SqlErrorStatuses.Append(status) : [status];
    }

    private static JsonObject Answer(int status, ErrorCode[] codes) => new()
    {
        ["description"] = string.Join(", ", codes.Select(code => $"`{ErrorCatalogue.Of(code).Code}`")),
        ["content"] = new JsonObject
        {
            ["application/problem+json"] = new JsonObject
            {
                ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Problem" },
                ["examples"] = new JsonObject(codes.Select(code => KeyValuePair.Create(
                    ErrorCatalogue.Of(code).Code, (JsonNode?)new JsonObject { ["value"] = Example(code, status) }))),
            },
        },
    };

    private static JsonObject Example(ErrorCode code, int status)
    {
        var entry = ErrorCatalogue.Of(code);
        var problem = new JsonObject
        {
            ["type"] = $"urn:kataven:error:{entry.Code}",
            ["title"] = entry.Title,
            ["status"] = status,
            ["detail"] = "What was wrong, for people.",
            ["code"] = entry.Code,
            ["trace_id"] = "4bf92f3577b34da6a3ce929d0e0e4736",
        };
        if (code == ErrorCode.SqlError)
        {
            (problem["sql_state"], problem["message"]) = status switch
            {
                StatusCodes.Status403Forbidden => ("42501", "permission denied for table item"),
                StatusCodes.Status404NotFound => ("42P01", "relation \"items\" does not exist"),
                StatusCodes.Status409Conflict => ("23505", "duplicate key value violates unique constraint \"item_pkey\""),
                _ => ("42601", "syntax error at or near \"selct\""),
            };
        }

        return problem;
    }
}
