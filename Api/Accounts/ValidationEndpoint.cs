using Kataven.Accounts;
using Kataven.Api.Errors;
using Kataven.Api.Hosting;
using Kataven.Api.Tenancy;
using Kataven.Errors;

namespace Kataven.Api.Accounts;

/// <summary><c>GET /api/accounts/validate/{account}</c>: public, answered by the registry, limited per client address.</summary>
internal static class ValidationEndpoint
{
    public static IEndpointRouteBuilder MapValidation(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/accounts/validate/{account}", ValidateAsync).AllowAnonymous().WithName("ValidateAccount").WithTags("Accounts");
        return endpoints;
    }

    private static async Task<IResult> ValidateAsync(string account, HttpContext context, Registry registry, ClientRate rate)
    {
        if (!rate.TryTake(context.Connection.RemoteIpAddress))
        {
            return new ProblemResult(Refusal.Of(
                ErrorCode.RateLimited, $"This address may ask {ClientRate.PerSecond} times a second."));
        }

        if (!AccountId.TryParse(account, out var id))
        {
            return new ProblemResult(Refusal.InvalidAccount("This is no account's slug."));
        }

        if (AccountChoice.RefuseReserved(id) is { } reserved)
        {
            return new ProblemResult(reserved);
        }

        var answer = await registry.FindAsync(id);
        return answer.Known
            ? TypedResults.Json(Validation.Of(id, answer.Entry), ApiJson.Options)
            : new ProblemResult(Refusal.Of(ErrorCode.DatabaseUnavailable, "It is not known now whether there is such an account. Try again."));
    }
}
