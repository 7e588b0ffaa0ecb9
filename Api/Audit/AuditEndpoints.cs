using Kataven.Api.Hosting;
using Kataven.Api.Queries;
using Kataven.Api.Tenancy;

namespace Kataven.Api.Audit;

/// <summary><c>GET /api/admin/audit</c>, and the filter that fills the log.</summary>
internal static class AuditEndpoints
{
    private const int DefaultPage = 100;
    private const int LargestPage = 500;

    public static RouteGroupBuilder WithAudit(this RouteGroupBuilder routes) => routes.AddEndpointFilter<RouteGroupBuilder, AuditFilter>();

    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder administration)
    {
        administration.MapGet("/audit", ListAsync).WithName("ListAudit").WithTags("Audit");
        return administration;
    }

    private static async Task<IResult> ListAsync(HttpContext context, GrainCalls calls)
    {
        var query = new QueryParameters(context.Request.Query);
        var account = query.Account("account");
        var after = query.Number("after", 0, long.MaxValue) ?? 0;
        var limit = query.Number("limit", 1, LargestPage) ?? DefaultPage;
        return TypedResults.Json(
            await calls.AskAsync(AuditFilter.Log, log => log.ListAsync(account?.Value, after, (int)limit), context.RequestAborted), ApiJson.Options);
    }
}
