using System.Text.Json;
using Kataven.Accounts;
using Kataven.Api.Errors;
using Kataven.Errors;
using Microsoft.Extensions.Options;

namespace Kataven.Api.Authentication;

/// <summary>The front door as its own issuer, in <c>Development</c> with no authority configured; absent otherwise.</summary>
internal sealed partial class DevelopmentIssuer(
    DevelopmentKey key, IGrainFactory grains, IOptions<AuthOptions> options, TimeProvider time, ILogger<DevelopmentIssuer> logger)
{
    public const string KeysPath = "/oauth/v2/keys";

    private static readonly string[] ResponseTypes = ["token"];
    private static readonly string[] SubjectTypes = ["public"];
    private static readonly string[] Algorithms = ["ES256", "RS256"];

    public IResult Discovery(HttpRequest request) => Results.Json(new Dictionary<string, object>
    {
        ["issuer"] = options.Value.DevelopmentIssuer,
        // Below the address that was asked, which answers: the issuer's own name is that of the first front door.
        ["jwks_uri"] = $"{request.Scheme}://{request.Host}{request.PathBase}{KeysPath}",
        ["response_types_supported"] = ResponseTypes,
        ["subject_types_supported"] = SubjectTypes,
        ["id_token_signing_alg_values_supported"] = Algorithms,
    });

    public async Task KeysAsync(HttpContext context)
    {
        if (await SignerAsync(context) is { Published: var jwk })
        {
            var members = new Dictionary<string, string?>
            {
                ["kty"] = jwk.Kty,
                ["use"] = jwk.Use,
                ["alg"] = jwk.Alg,
                ["kid"] = jwk.Kid,
                ["crv"] = jwk.Crv,
                ["x"] = jwk.X,
                ["y"] = jwk.Y,
                ["n"] = jwk.N,
                ["e"] = jwk.E,
            };
            var published = members.Where(member => member.Value is not null).ToDictionary();
            await context.Response.WriteAsJsonAsync(new Dictionary<string, object> { ["keys"] = new[] { published } }, context.RequestAborted);
        }
    }

    public async Task TokenAsync(HttpContext context)
    {
        var (request, refusal) = LocalCaller.IsLocal(context)
            ? await ReadAsync(context)
            : (null, Refusal.Of(ErrorCode.NotFound, "There is nothing here."));
        if (request is null)
        {
            await ProblemWriter.WriteAsync(context, refusal!);
        }
        else if (await SignerAsync(context) is { } signer)
        {
            await IssueAsync(context, request, signer);
        }
    }

    private static async Task<(DevelopmentTokenRequest? Request, Refusal? Refusal)> ReadAsync(HttpContext context)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return DevelopmentTokenRequest.Read(body.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return (null, DevelopmentTokenRequest.Invalid("The body is no JSON: {\"account_id\":\"acme\"} is meant."));
        }
    }

    private async Task IssueAsync(HttpContext context, DevelopmentTokenRequest request, DevelopmentSigner signer)
    {
        if (await OrganisationOfAsync(request.Account) is not (true, var orgId))
        {
            await UnavailableAsync(context);
            return;
        }

        var payload = DevelopmentClaims.Payload(request, orgId, options.Value, time.GetUtcNow());
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(
            new Dictionary<string, object>
            {
                ["access_token"] = signer.Sign(payload),
                ["token_type"] = "Bearer",
                ["expires_in"] = (int)request.Lifetime.TotalSeconds,
            },
            context.RequestAborted);
    }

    /// <summary>The organisation that the account is bound to, if any, or that nobody could say.</summary>
    private async Task<(bool Known, string? OrgId)> OrganisationOfAsync(AccountId account)
    {
        if (account.IsReserved)
        {
            var administers = account == AccountId.Administration && !string.IsNullOrWhiteSpace(options.Value.AdminOrgId);
            return (true, administers ? options.Value.AdminOrgId : null);
        }

        try
        {
            var answer = await grains.GetGrain<IAccountRegistryGrain>(0).FindAsync(account);
            return (answer.Known, answer.Entry?.OrgId);
        }
        catch (Exception fault)
        {
            LogRegistryUnavailable(fault);
            return (false, null);
        }
    }

    private async Task<DevelopmentSigner?> SignerAsync(HttpContext context)
    {
        try
        {
            return await key.GetAsync(context.RequestAborted);
        }
        catch (Exception fault) when (!context.RequestAborted.IsCancellationRequested)
        {
            LogKeyUnavailable(fault);
            await UnavailableAsync(context);
            return null;
        }
    }

    private static Task UnavailableAsync(HttpContext context) => ProblemWriter.WriteAsync(
        context, Refusal.Of(ErrorCode.DatabaseUnavailable, "No silo, or no system database, could be asked."));
}
