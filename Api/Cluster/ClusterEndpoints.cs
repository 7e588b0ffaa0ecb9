using Kataven.Api.Hosting;
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

    private static async Task<IResult> GetAsync(IGrainFactory grains) =>
        TypedResults.Json(await grains.GetGrain<IClusterGrain>(0).GetAsync(), ApiJson.Options);
}
