using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kataven.Accounts;
using Kataven.Api.Observability;
using Kataven.Errors;
using Microsoft.Net.Http.Headers;

namespace Kataven.Api.Errors;

/// <summary>Writes a refusal as problem details (RFC 9457): the one form of every error.</summary>
internal static class ProblemWriter
{
    /// <summary>JSON goes to programs, not into a page: quotes need no more than a backslash.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public const string ContentType = "application/problem+json";

    public static async Task WriteAsync(HttpContext context, Refusal refusal)
    {
        ObservedRequest.Refused(context, refusal.Code);
        var response = context.Response;
        var body = new ArrayBufferWriter<byte>(512);
        Write(body, refusal, TraceId(context));
        response.StatusCode = StatusOf(refusal);
        response.ContentType = ContentType;
        response.ContentLength = body.WrittenCount;
        if ((refusal.RetryAfterSeconds ?? ErrorCatalogue.Of(refusal.Code).RetryAfterSeconds) is { } seconds)
        {
            response.Headers[HeaderNames.RetryAfter] = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted);
        }
    }

    public static int StatusOf(Refusal refusal) =>
        refusal is { Code: ErrorCode.SqlError, Sql: { } sql } ? SqlStates.StatusOf(sql.SqlState) : ErrorCatalogue.Of(refusal.Code).Status;

    public static string TraceId(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;

    public static void Write(IBufferWriter<byte> output, Refusal refusal, string traceId)
    {
        var entry = ErrorCatalogue.Of(refusal.Code);
        using var json = new Utf8JsonWriter(output, Readable);
        json.WriteStartObject();
        json.WriteString("type", $"urn:kataven:error:{entry.Code}");
        json.WriteString("title", entry.Title);
        json.WriteNumber("status", StatusOf(refusal));
        json.WriteString("detail", refusal.Sql?.Detail ?? refusal.Detail);
        json.WriteString("code", entry.Code);
        json.WriteString("trace_id", traceId);
        WriteExtensions(json, refusal);
        json.WriteEndObject();
    }

    private static void WriteExtensions(Utf8JsonWriter json, Refusal refusal)
    {
        if (refusal.AccountStatus is { } status)
        {
            json.WriteString("account_status", AccountStatusText.Of(status));
        }

        if (refusal.Choices is { } choices)
        {
            json.WriteStartArray("accounts");
            foreach (var choice in choices)
            {
                json.WriteStringValue(choice);
            }

            json.WriteEndArray();
        }

        if (refusal.StatementIndex is { } index)
        {
            json.WriteNumber("statement_index", index);
        }

        if (refusal.OperationId is { } operation)
        {
            json.WriteString(refusal.Code == ErrorCode.RolloutRunning ? "rollout_id" : "operation_id", operation);
        }

        if (refusal.Version is { } version)
        {
            json.WriteNumber("version", version);
        }

        if (refusal.Sql is { } sql)
        {
            WriteSql(json, sql);
        }
    }

    /// <summary>PostgreSQL's own fields. Its detail, where it gives one, stands in the place of ours.</summary>
    private static void WriteSql(Utf8JsonWriter json, SqlError sql)
    {
        json.WriteString("sql_state", sql.SqlState);
        json.WriteString("message", sql.Message);
        WriteIfAny(json, "hint", sql.Hint);
        if (sql.Position is { } position)
        {
            json.WriteNumber("position", position);
        }

        WriteIfAny(json, "schema", sql.Schema);
        WriteIfAny(json, "table", sql.Table);
        WriteIfAny(json, "column", sql.Column);
        WriteIfAny(json, "constraint", sql.Constraint);
        if (SqlStates.IsRetryable(sql.SqlState))
        {
            json.WriteBoolean("retryable", true);
        }
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
