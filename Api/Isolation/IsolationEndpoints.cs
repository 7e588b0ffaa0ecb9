using Kataven.Accounts;
using Kataven.Api.Accounts;
using Kataven.Api.Errors;
using Kataven.Api.Hosting;
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

    private static async Task<IResult> ServerAsync(IGrainFactory grains) =>
        TypedResults.Json(await grains.GetGrain<IIsolationGrain>(0).ServerAsync(), ApiJson.Options);

    private static Task<IResult> AccountAsync(string id, IGrainFactory grains) => ReportAsync(RouteAccount.Parse(id), grains);

    private static async Task<IResult> RepairAsync(string id, IGrainFactory grains)
    {
        var account = RouteAccount.Parse(id);
        var result = await grains.GetGrain<IAccountGrain>(account.Value).RepairAsync();
        return result.Refusal is { } refusal ? new ProblemResult(refusal) : await ReportAsync(account, grains);
    }

    private static async Task<IResult> RotateAsync(string id, IGrainFactory grains)
    {
        var account = RouteAccount.Parse(id);
        var result = await grains.GetGrain<IAccountGrain>(account.Value).RotateCredentialAsync();
        return result.Refusal is { } refusal
            ? new ProblemResult(refusal)
            : TypedResults.Json(new RotationAnswer(account.Value, true), ApiJson.Options);
    }

    private static async Task<IResult> ReportAsync(AccountId account, IGrainFactory grains)
    {
        var result = await grains.GetGrain<IIsolationGrain>(0).AccountAsync(account);
        return result.Refusal is { } refusal
            ? new ProblemResult(refusal)
            : TypedResults.Json(AccountIsolationAnswer.Of(result.Report!), ApiJson.Options);
    }
}
