using Kataven.Api.Audit;
using Kataven.Api.Errors;
using Kataven.Api.Hosting;
using Kataven.Api.Queries;
using Kataven.Api.Tenancy;
using Kataven.Rollouts;

namespace Kataven.Api.Rollouts;

/// <summary><c>/api/admin/rollouts</c>: all accounts brought to a version.</summary>
internal static class RolloutsEndpoints
{
    public static IEndpointRouteBuilder MapRollouts(this IEndpointRouteBuilder administration)
    {
        var routes = administration.MapGroup("/rollouts").WithTags("Rollouts");
        routes.MapPost("", CreateAsync).WithName("CreateRollout");
        routes.MapGet("", ListAsync).WithName("ListRollouts");
        routes.MapGet("/{rollout}", GetAsync).WithName("GetRollout");
        routes.MapDelete("/{rollout}", AbortAsync).WithName("AbortRollout");
        routes.MapPut("/{rollout}/pause", PauseAsync).WithName("PauseRollout");
        routes.MapDelete("/{rollout}/pause", ResumeAsync).WithName("ResumeRollout");
        return administration;
    }

    private static async Task<IResult> CreateAsync(HttpContext context, GrainCalls calls)
    {
        var request = await JsonBody.ReadAsync(context, RolloutBodies.Read) with { Actor = Actor.Of(context) };
        var result = await calls.ChangeOnceAsync(Board, board => board.StartAsync(request), context.RequestAborted);
        if (result.Rollout is { } rollout)
        {
            context.Response.Headers.Location = $"/api/admin/rollouts/{rollout.Id}";
        }

        return Answer(result, StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ListAsync(HttpContext context, GrainCalls calls)
    {
        var rollouts = await calls.AskAsync(Board, board => board.ListAsync(), context.RequestAborted);
        return TypedResults.Json(new RolloutsAnswer([.. rollouts.Select(RolloutAnswer.Brief)]), ApiJson.Options);
    }

    private static async Task<IResult> GetAsync(string rollout, HttpContext context, GrainCalls calls) => Answer(Guid.TryParse(rollout, out var id)
        ? await calls.AskAsync(grains => grains.GetGrain<IRolloutGrain>(id), grain => grain.GetAsync(withFailures: true), context.RequestAborted)
        : RolloutResult.NotFound());

    private static Task<IResult> AbortAsync(string rollout, HttpContext context, GrainCalls calls) => ChangeAsync(rollout, context, calls, grain => grain.AbortAsync());

    private static Task<IResult> PauseAsync(string rollout, HttpContext context, GrainCalls calls) => ChangeAsync(rollout, context, calls, grain => grain.PauseAsync());

    private static Task<IResult> ResumeAsync(string rollout, HttpContext context, GrainCalls calls) => ChangeAsync(rollout, context, calls, grain => grain.ResumeAsync());

    private static async Task<IResult> ChangeAsync(string rollout, HttpContext context, GrainCalls calls, Func<IRolloutGrain, Task<RolloutResult>> change) =>
        Answer(Guid.TryParse(rollout, out var id)
            ? await calls.ChangeAsync(grains => grains.GetGrain<IRolloutGrain>(id), change, context.RequestAborted)
            : RolloutResult.NotFound());

    private static IResult Answer(RolloutResult result, int status = StatusCodes.Status200OK) => result.Refusal is { } refusal
        ? new ProblemResult(refusal)
        : TypedResults.Json(RolloutAnswer.Of(result.Rollout!), ApiJson.Options, statusCode: status);

    private static IRolloutBoardGrain Board(IGrainFactory grains) => grains.GetGrain<IRolloutBoardGrain>(0);
}
