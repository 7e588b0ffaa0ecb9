using System.Globalization;
using System.Text.Json;
using Kataven.Baseline.Accounts;
using Npgsql;
using NpgsqlTypes;

namespace Kataven.Baseline.Queries;

/// <summary><c>POST /api/query</c>: one statement, its answer as JSON or line by line.</summary>
internal static class QueryEndpoint
{
    public static async Task RunAsync(HttpContext context, AccountRegistry registry, AccountSources sources)
    {
        try
        {
            var (account, status, code) = await AccountCheck.RunAsync(context, registry);
            if (account is null)
            {
                await RefuseAsync(context, status, code, "");
                return;
            }

            var request = await JsonSerializer.DeserializeAsync(context.Request.Body, RequestJson.Default.QueryRequest, context.RequestAborted);
            await using var command = CommandFor(sources.Of(account), request!);
            await using var reader = await command.ExecuteReaderAsync(context.RequestAborted);
            var answer = new Answer(reader, request!.Sql);
            await (context.Request.Headers.Accept == Answer.Ndjson
                ? answer.StreamAsync(context.Response, context.RequestAborted)
                : answer.WriteAsync(context.Response, context.RequestAborted));
        }
        catch (PostgresException failure) when (!context.Response.HasStarted)
        {
            var busy = failure.SqlState.StartsWith("53", StringComparison.Ordinal);
            await RefuseAsync(context, busy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status400BadRequest, "sql_error", $"{failure.SqlState} {failure.MessageText}");
        }
        catch (NpgsqlException failure) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "database_unavailable", failure.Message);
        }
    }

    private static NpgsqlCommand CommandFor(NpgsqlDataSource source, QueryRequest request)
    {
        var command = source.CreateCommand(request.Sql);
        foreach (var value in request.Parameters ?? [])
        {
            // Text of no type: PostgreSQL infers what the statement needs.
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Unknown, Value = ValueOf(value) });
        }

        return command;
    }

    private static object ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => DBNull.Value,
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };

    private static Task RefuseAsync(HttpContext context, int status, string code, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        return context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $$"""{"status":{{status}},"code":"{{code}}","detail":"{{JsonEncodedText.Encode(detail)}}"}"""));
    }
}
