using Kataven.Accounts;
using Kataven.Api.Accounts;
using Kataven.Api.Errors;
using Kataven.Api.Hosting;
using Kataven.Api.Tenancy;
using Kataven.Cluster;
using Kataven.Errors;
using Kataven.Tenants;

namespace Kataven.Api.Pools;

/// <summary><c>/api/admin/pools</c>: the live tenant grains of the whole cluster.</summary>
internal static class PoolsEndpoints
{
    public static IEndpointRouteBuilder MapPools(this IEndpointRouteBuilder administration)
    {
        var routes = administration.MapGroup("/pools").WithTags("Pools");
        routes.MapGet("", ListAsync).WithName("ListPools");
        routes.MapDelete("/{id}", CloseAsync).WithName("ClosePool");
        routes.MapPost("/{id}/warmth", WarmAsync).WithName("WarmPool");
        return administration;
    }

    private static async Task<IResult> ListAsync(HttpContext context, GrainCalls calls)
    {
        var pools = await calls.AskAsync(Cluster, cluster => cluster.PoolsAsync(), context.RequestAborted);
        return TypedResults.Json(new PoolsAnswer([.. pools.Select(PoolAnswer.Of)]), ApiJson.Options);
    }

    private static async Task<IResult> CloseAsync(string id, HttpContext context, GrainCalls calls)
    {
        var account = RouteAccount.Parse(id);
        await calls.ChangeAsync(
            Cluster,
            async cluster =>
            {
                await cluster.ClosePoolAsync(account);
                return account;
            },
            context.RequestAborted);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> WarmAsync(string id, HttpContext context, Registry registry, GrainCalls calls)
    {
        // Asked first: nobody wakes the grain of an account that is not served.
        var account = RouteAccount.Parse(id);
        var answer = await registry.FindAsync(account);
        if (Refuse(answer) is { } refused)
        {
            return new ProblemResult(refused);
        }

        var warmth = await calls.ChangeAsync(grains => grains.GetGrain<ITenantGrain>(account.Value), tenant => tenant.WarmAsync(), context.RequestAborted);
        return warmth.Refusal is { } refusal
            ? new ProblemResult(refusal.Code == ErrorCode.InvalidAccount ? NotFound : refusal)
            : TypedResults.Json(new WarmthAnswer(account.Value, true, (long)warmth.Took.TotalMilliseconds), ApiJson.Options);
    }

    private static Refusal? Refuse(RegistryAnswer answer) => answer switch
    {
        { Entry.Status: AccountStatus.Active } => null,
        { Entry: { } entry } => Refusal.Inactive(entry.Status),
        { Known: true } => NotFound,
        _ => Refusal.Of(ErrorCode.DatabaseUnavailable, "It is not known now whether there is such an account. Try again."),
    };

    private static IClusterGrain Cluster(IGrainFactory grains) => grains.GetGrain<IClusterGrain>(0);

    private static readonly Refusal NotFound = Refusal.Of(ErrorCode.AccountNotFound, "There is no such account.");
}
