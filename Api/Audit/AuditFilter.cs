using Kataven.Accounts;
using Kataven.Api.Errors;
using Kataven.Audit;
using Kataven.Errors;

namespace Kataven.Api.Audit;

/// <summary>
/// Writes each call that changes something into the audit log: before it runs, so that one that cannot be written does
/// nothing, and how it ended after it.
/// </summary>
internal sealed partial class AuditFilter(IGrainFactory grains, ILogger<AuditFilter> logger) : IEndpointFilter
{
    private const string Succeeded = "succeeded";

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        HttpMethods.IsGet(context.HttpContext.Request.Method) || HttpMethods.IsHead(context.HttpContext.Request.Method)
            ? next(context)
            : WriteAsync(context, next);

    private async ValueTask<object?> WriteAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var log = grains.GetGrain<IAuditGrain>(0);
        var id = await log.BeginAsync(EntryOf(http));
        http.Features.Set(new AuditTrail(log, id));
        try
        {
            var result = await next(context);
            await EndAsync(log, id, (result as ProblemResult)?.Refusal, (result as IStatusCodeHttpResult)?.StatusCode);
            return result;
        }
        catch (Exception exception)
        {
            await EndAsync(log, id, RefusalOf(exception, http), null);
            throw;
        }
    }

    private static AuditEntry EntryOf(HttpContext context) => new()
    {
        Actor = Audit.Actor.Of(context),
        Action = $"{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/')}",
        AccountId = AccountId.TryParse(context.GetRouteValue("id") as string, out var account) ? account.Value : null,
        TraceId = ProblemWriter.TraceId(context),
    };

    /// <summary>A client that goes away before its body is complete has sent none.</summary>
    private static Refusal RefusalOf(Exception exception, HttpContext context) =>
        exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested
            ? Refusal.Of(ErrorCode.InvalidRequest, "The client went away.")
            : ErrorHandling.Of(exception);

    /// <summary>The call has run: its answer stands even where its end cannot be written. The entry then says <c>started</c>.</summary>
    private async Task EndAsync(IAuditGrain log, long id, Refusal? refusal, int? status)
    {
        try
        {
            await (refusal is null
                ? log.EndAsync(id, Succeeded, status ?? StatusCodes.Status200OK)
                : log.EndAsync(id, ErrorCatalogue.Of(refusal.Code).Code, ProblemWriter.StatusOf(refusal)));
        }
        catch (Exception exception)
        {
            LogEndLost(exception, id);
        }
    }
}
