using Kataven.Accounts;
using Kataven.Api.Errors;
using Kataven.Api.Tenancy;
using Kataven.Audit;
using Kataven.Errors;

namespace Kataven.Api.Audit;

/// <summary>
/// Writes each call that changes something into the audit log: before it runs, so that one that cannot be written does
/// nothing, and how it ended after it.
/// </summary>
internal sealed partial class AuditFilter(GrainCalls calls, ILogger<AuditFilter> logger) : IEndpointFilter
{
    private const string Succeeded = "succeeded";

    public static IAuditGrain Log(IGrainFactory grains) => grains.GetGrain<IAuditGrain>(0);

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        HttpMethods.IsGet(context.HttpContext.Request.Method) || HttpMethods.IsHead(context.HttpContext.Request.Method)
            ? next(context)
            : WriteAsync(context, next);

    private async ValueTask<object?> WriteAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var entry = EntryOf(http);
        // Where an answer is lost the call is in the log twice, and one entry stays as if its process had died: better than not at all.
        var id = await calls.AskAsync(Log, log => log.BeginAsync(entry), http.RequestAborted);
        http.Features.Set(new AuditTrail(calls, id));
        try
        {
            var result = await next(context);
            await EndAsync(id, (result as ProblemResult)?.Refusal, (result as IStatusCodeHttpResult)?.StatusCode);
            return result;
        }
        catch (Exception exception) when (GrainCalls.MayHaveRun(exception) && !IsClientGone(exception, http))
        {
            // It was made once alone. That nothing was done is told only where that is known.
            var unanswered = UnansweredCall.WithUnknownOutcome(exception);
            await EndAsync(id, unanswered.Refusal, null);
            throw unanswered;
        }
        catch (Exception exception)
        {
            await EndAsync(id, RefusalOf(exception, http), null);
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
        IsClientGone(exception, context)
            ? Refusal.Of(ErrorCode.InvalidRequest, "The client went away.")
            : ErrorHandling.Of(exception);

    private static bool IsClientGone(Exception exception, HttpContext context) =>
        exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested;

    /// <summary>The call has run: its answer stands even where its end cannot be written. The entry then says <c>started</c>.</summary>
    private async Task EndAsync(long id, Refusal? refusal, int? status)
    {
        var (outcome, told) = refusal is null
            ? (Succeeded, status ?? StatusCodes.Status200OK)
            : (ErrorCatalogue.Of(refusal.Code).Code, ProblemWriter.StatusOf(refusal));
        try
        {
            await calls.AskAsync(Log, async log =>
            {
                await log.EndAsync(id, outcome, told);
                return id;
            });
        }
        catch (Exception exception)
        {
            LogEndLost(exception, id);
        }
    }
}
