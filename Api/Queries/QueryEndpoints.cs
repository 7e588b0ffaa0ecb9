using System.Buffers;
using Kataven.Api.Errors;
using Kataven.Api.Tenancy;
using Kataven.Errors;
using Kataven.Queries;

namespace Kataven.Api.Queries;

/// <summary>① <c>POST /api/query</c> and <c>POST /api/transaction</c>: the answer comes as bytes, and goes to the socket unseen.</summary>
internal static class QueryEndpoints
{
    /// <summary>The name of <c>POST /api/query</c>.</summary>
    public const string Query = "Query";

    public static IEndpointRouteBuilder MapQueries(this IEndpointRouteBuilder endpoints)
    {
        // Not the request's own: to ask that makes a scope for each.
        var services = endpoints.ServiceProvider;
        var routes = endpoints.MapGroup("/api").ForAccounts().WithTags("SQL");
        routes.MapPost("/query", (RequestDelegate)(context => QueryAsync(context, services.GetRequiredService<TenantClient>()))).WithName(Query);
        routes.MapPost("/transaction", (RequestDelegate)(context => TransactionAsync(context, services.GetRequiredService<TenantClient>()))).WithName("Transaction");
        return endpoints;
    }

    private static async Task QueryAsync(HttpContext context, TenantClient tenants)
    {
        var key = IdempotencyKey.Read(context.Request.Headers);
        var query = await JsonBody.ReadAsync(context, RequestReader.ReadQuery);
        query.IdempotencyKey = key;
        if (AnswerFormat.Of(context.Request) is { } format)
        {
            IdempotencyKey.RefuseStream(query.IdempotencyKey);
            await StreamWriter.WriteAsync(context, tenants, query, format);
            return;
        }

        await WriteAsync(context, await tenants.QueryAsync(context, query.Statement, query.Options));
    }

    private static async Task TransactionAsync(HttpContext context, TenantClient tenants)
    {
        var key = IdempotencyKey.Read(context.Request.Headers);
        var body = await JsonBody.ReadAsync(context, RequestReader.ReadTransaction);
        body.IdempotencyKey = key;
        await WriteAsync(context, await tenants.TransactionAsync(
            context,
            version => new TransactionRequest(version, body.Statements, body.Isolation, body.Options),
            body.Options));
    }

    private static Task WriteAsync(HttpContext context, Answer answer)
    {
        if (answer.Refusal is { } refusal)
        {
            return ProblemWriter.WriteAsync(context, refusal);
        }

        if (answer.WasReplayed)
        {
            context.Response.Headers[IdempotencyKey.ReplayedName] = "true";
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Body.Length;
        var written = context.Response.BodyWriter.WriteAsync(answer.Body, context.RequestAborted);
        if (!written.IsCompletedSuccessfully)
        {
            return written.AsTask();
        }

        // A value task is asked for its result once, also where nobody wants it.
        _ = written.Result;
        return Task.CompletedTask;
    }
}
