using Kataven.Api.Hosting;
using Kataven.Api.Tenancy;
using Kataven.Cluster;

namespace Kataven.Api.Cluster;

/// <summary><c>GET /api/admin/cluster</c>.</summary>
internal static class ClusterEndpoints
{
    public static IEndpointRouteBuilder MapCluster(this IEndpointRouteBuilder administration)
    {
        administration.MapGet("/cluster", GetAsync).WithName("GetCluster").WithTags("Cluster");
        return administration;
    }

    private static async Task<IResult> GetAsync(HttpContext context, GrainCalls calls) => TypedResults.Json(
        await calls.AskAsync(grains => grains.GetGrain<IClusterGrain>(0), cluster => cluster.GetAsync(), context.RequestAborted), ApiJson.Options);
}
