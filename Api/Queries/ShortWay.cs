using Kataven.Api.Authentication;
using Kataven.Api.Errors;
using Kataven.Api.Observability;
using Kataven.Api.Tenancy;

namespace Kataven.Api.Queries;

/// <summary>
/// The way that nearly all requests take: a query whose token is known goes to ② at once. Routing, authentication and authorization
/// would find the same, each in its turn, and together take longer than the query. Whatever is not plainly so goes the long way,
/// which decides it.
/// </summary>
internal sealed class ShortWay(
    EndpointDataSource endpoints, KnownTokens tokens, IssuerKeys keys, AccountGate gate, CallerActivity activity)
{
    private const string Path = "/api/query";

    private Endpoint? _query;

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || context.Request.Path.Value != Path || !KnowsCaller(context))
        {
            return next(context);
        }

        var query = _query ??= FindQuery();
        context.SetEndpoint(query);
        return TenancyHosting.AdmitAccountAsync(context, query.RequestDelegate!, gate, activity);
    }

    private bool KnowsCaller(HttpContext context)
    {
        var headers = context.Request.Headers;
        // Where there is no token, or something is wrong with it, its text is empty, which no token is.
        if (tokens.Find(BearerToken.Read(headers.Authorization).Text.Span) is { } known
            && keys.IsAtHand(known.KeyId)
            && HttpLimits.IsWithin(headers))
        {
            context.Features.Set(known.Claims);
            return true;
        }

        return false;
    }

    private Endpoint FindQuery() => endpoints.Endpoints.Single(
        endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == QueryEndpoints.Query);
}
