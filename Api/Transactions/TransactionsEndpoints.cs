using Kataven.Api.Errors;
using Kataven.Api.Hosting;
using Kataven.Api.Queries;
using Kataven.Api.Tenancy;
using Kataven.Errors;
using Kataven.Transactions;

namespace Kataven.Api.Transactions;

/// <summary>① <c>/api/transactions</c>: transactions that last from call to call, whichever front door a call comes to.</summary>
internal static class TransactionsEndpoints
{
    /// <summary>The header that says until when a transaction lasts unless a call comes.</summary>
    public const string ExpiresAt = "Transaction-Expires-At";

    private static readonly Refusal NotFound = Refusal.Of(ErrorCode.NotFound, "The account has no such transaction.");

    public static IEndpointRouteBuilder MapTransactions(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var routes = endpoints.MapGroup("/api/transactions").ForAccounts().WithTags("SQL");
        routes.MapPost("", (RequestDelegate)(context => BeginAsync(context, Tenants()))).WithName("BeginTransaction");
        routes.MapPost("/{transaction}/query", (RequestDelegate)(context => QueryAsync(context, Tenants()))).WithName("QueryInTransaction");
        routes.MapPut("/{transaction}/commit", (RequestDelegate)(context => EndAsync(context, Tenants(), TransactionOutcome.Committed))).WithName("CommitTransaction");
        routes.MapDelete("/{transaction}", (RequestDelegate)(context => EndAsync(context, Tenants(), TransactionOutcome.RolledBack))).WithName("RollBackTransaction");
        return endpoints;

        TenantClient Tenants() => services.GetRequiredService<TenantClient>();
    }

    private static async Task BeginAsync(HttpContext context, TenantClient tenants)
    {
        RefuseKey(context);
        var terms = await JsonBody.ReadAsync(context, TransactionTerms.Read);
        var answer = await tenants.BeginTransactionAsync(context, terms.Isolation, terms.ReadOnly);
        await WriteAsync(context, answer, () =>
        {
            context.Response.StatusCode = StatusCodes.Status201Created;
            return context.Response.WriteAsJsonAsync(new TransactionBegun(answer.Transaction!.Value.Value, answer.ExpiresAt!.Value), ApiJson.Options, context.RequestAborted);
        });
    }

    private static async Task QueryAsync(HttpContext context, TenantClient tenants)
    {
        if (!TryFind(context, out var id))
        {
            await ProblemWriter.WriteAsync(context, NotFound);
            return;
        }

        RefuseKey(context);
        var query = await JsonBody.ReadAsync(context, RequestReader.ReadQuery);
        var answer = await tenants.QueryInTransactionAsync(context, id, query.Statement, query.Options);
        await WriteAsync(context, answer, async () =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = answer.Body.Length;
            await context.Response.BodyWriter.WriteAsync(answer.Body, context.RequestAborted);
        });
    }

    private static async Task EndAsync(HttpContext context, TenantClient tenants, TransactionOutcome outcome)
    {
        if (!TryFind(context, out var id))
        {
            await ProblemWriter.WriteAsync(context, NotFound);
            return;
        }

        var answer = await tenants.EndTransactionAsync(context, id, outcome);
        await WriteAsync(context, answer, () => context.Response.WriteAsJsonAsync(TransactionEnded.Of(id, answer.Outcome!.Value), ApiJson.Options, context.RequestAborted));
    }

    /// <summary>An id that was not made for the account does not exist. Whether there still is such a transaction its owner knows.</summary>
    private static bool TryFind(HttpContext context, out TransactionId id) =>
        TransactionId.TryParse(context.GetRouteValue("transaction") as string, context.Account().Entry.Id, out id);

    /// <summary>Whoever sends one counts on it, and here nothing is kept for it.</summary>
    private static void RefuseKey(HttpContext context)
    {
        if (context.Request.Headers.ContainsKey(IdempotencyKey.Name))
        {
            throw new RequestFault($"{IdempotencyKey.Name} is for /api/query and /api/transaction: a transaction of several calls is not repeated by one.");
        }
    }

    private static Task WriteAsync(HttpContext context, TransactionAnswer answer, Func<Task> write)
    {
        if (answer.ExpiresAt is { } expiresAt)
        {
            context.Response.Headers[ExpiresAt] = expiresAt.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        }

        return answer.Refusal is { } refusal ? ProblemWriter.WriteAsync(context, refusal) : write();
    }
}
