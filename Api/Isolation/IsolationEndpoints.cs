using Kataven.Accounts;
using Kataven.Api.Accounts;
using Kataven.Api.Errors;
using Kataven.Api.Hosting;
using Kataven.Api.Tenancy;
using Kataven.Isolation;

namespace Kataven.Api.Isolation;

/// <summary>How well accounts are closed off: one account, or the server as a whole; and putting it in order.</summary>
internal static class IsolationEndpoints
{
    public static IEndpointRouteBuilder MapIsolation(this IEndpointRouteBuilder administration)
    {
        var routes = administration.MapGroup("").WithTags("Isolation");
        routes.MapGet("/isolation", ServerAsync).WithName("GetServerIsolation");
        routes.MapGet("/accounts/{id}/isolation", AccountAsync).WithName("GetAccountIsolation");
        routes.MapPost("/accounts/{id}/isolation/repair", RepairAsync).WithName("RepairAccountIsolation");
        routes.MapPost("/accounts/{id}/credentials/rotation", RotateAsync).WithName("RotateAccountCredentials");
        return administration;
    }

    private static async Task<IResult> ServerAsync(HttpContext context, GrainCalls calls) =>
        TypedResults.Json(await calls.AskAsync(Isolation, isolation => isolation.ServerAsync(), context.RequestAborted), ApiJson.Options);

    private static async Task<IResult> AccountAsync(string id, HttpContext context, GrainCalls calls)
    {
        var account = RouteAccount.Parse(id);
        return Answer(await calls.AskAsync(Isolation, isolation => isolation.AccountAsync(account), context.RequestAborted));
    }

    private static async Task<IResult> RepairAsync(string id, HttpContext context, GrainCalls calls)
    {
        var account = RouteAccount.Parse(id);
        var result = await calls.ChangeAsync(Account(account), grain => grain.RepairAsync(), context.RequestAborted);
        return result.Refusal is { } refusal
            ? new ProblemResult(refusal)
            : Answer(await calls.AskAfterChangeAsync(Isolation, isolation => isolation.AccountAsync(account)));
    }

    private static async Task<IResult> RotateAsync(string id, HttpContext context, GrainCalls calls)
    {
        var account = RouteAccount.Parse(id);
        // A second password replaces the first, which nobody has been told.
        var result = await calls.ChangeAsync(Account(account), grain => grain.RotateCredentialAsync(), context.RequestAborted);
        return result.Refusal is { } refusal
            ? new ProblemResult(refusal)
            : TypedResults.Json(new RotationAnswer(account.Value, true), ApiJson.Options);
    }

    private static IResult Answer(AccountIsolationResult result) => result.Refusal is { } refusal
        ? new ProblemResult(refusal)
        : TypedResults.Json(AccountIsolationAnswer.Of(result.Report!), ApiJson.Options);

    private static IIsolationGrain Isolation(IGrainFactory grains) => grains.GetGrain<IIsolationGrain>(0);

    private static Func<IGrainFactory, IAccountGrain> Account(AccountId id) => grains => grains.GetGrain<IAccountGrain>(id.Value);
}
