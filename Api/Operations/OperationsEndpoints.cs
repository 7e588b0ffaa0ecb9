using Kataven.Api.Errors;
using Kataven.Api.Hosting;
using Kataven.Api.Queries;
using Kataven.Api.Tenancy;
using Kataven.Errors;
using Kataven.Operations;

namespace Kataven.Api.Operations;

/// <summary><c>/api/admin/operations</c>: what takes longer than a call, and where it is.</summary>
internal static class OperationsEndpoints
{
    private const int DefaultPage = 100;
    private const int LargestPage = 500;

    public static IEndpointRouteBuilder MapOperations(this IEndpointRouteBuilder administration)
    {
        var routes = administration.MapGroup("/operations").WithTags("Operations");
        routes.MapGet("", ListAsync).WithName("ListOperations");
        routes.MapGet("/{operation}", GetAsync).WithName("GetOperation");
        return administration;
    }

    /// <summary>Begins an operation: <c>202</c> and where to look, or why not.</summary>
    public static async Task<IResult> BeginAsync(HttpContext context, OperationRequest request)
    {
        var result = await OperationStart.BeginAsync(context, request);
        return result.Operation is { } operation ? Accepted(context, operation) : new ProblemResult(result.Refusal!);
    }

    /// <summary><c>202</c>, and where to look.</summary>
    public static IResult Accepted(HttpContext context, Operation operation)
    {
        context.Response.Headers.Location = $"/api/admin/operations/{operation.Id}";
        return TypedResults.Json(OperationAnswer.Of(operation, ProblemWriter.TraceId(context)), ApiJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ListAsync(HttpContext context, GrainCalls calls)
    {
        var query = new QueryParameters(context.Request.Query);
        var (account, status, limit) = (query.Account("account")?.Value, Status(query), (int)(query.Number("limit", 1, LargestPage) ?? DefaultPage));
        var operations = await calls.AskAsync(Catalog, catalog => catalog.ListAsync(account, status, limit), context.RequestAborted);
        var traceId = ProblemWriter.TraceId(context);
        return TypedResults.Json(new OperationsAnswer([.. operations.Select(operation => OperationAnswer.Of(operation, traceId))]), ApiJson.Options);
    }

    private static async Task<IResult> GetAsync(string operation, HttpContext context, GrainCalls calls)
    {
        var result = Guid.TryParse(operation, out var id)
            ? await calls.AskAsync(Catalog, catalog => catalog.GetAsync(id), context.RequestAborted)
            : OperationResult.Refused(Refusal.Of(ErrorCode.OperationNotFound, "There is no such operation."));
        return result.Operation is { } found
            ? TypedResults.Json(OperationAnswer.Of(found, ProblemWriter.TraceId(context)), ApiJson.Options)
            : new ProblemResult(result.Refusal!);
    }

    private static OperationStatus? Status(QueryParameters query) => query.Text("status") switch
    {
        null => null,
        var text when OperationStatusText.TryParse(text, out var status) => status,
        _ => throw new RequestFault("status has to be one of running, succeeded, failed."),
    };

    private static IOperationCatalogGrain Catalog(IGrainFactory grains) => grains.GetGrain<IOperationCatalogGrain>(0);
}
