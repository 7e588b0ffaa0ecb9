using System.Text.Json;
using Kataven.Api.Errors;
using Kataven.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Kataven.Api.Authentication;

/// <summary>What happens around the validation of a token: its key is made available before, its claims are read after.</summary>
internal sealed class BearerEvents(IssuerKeys keys, KnownTokens tokens, IOptions<AuthOptions> options) : JwtBearerEvents
{
    private const string Scheme = JwtBearerDefaults.AuthenticationScheme;

    public override async Task MessageReceived(MessageReceivedContext context)
    {
        var bearer = BearerToken.Read(context.Request.Headers.Authorization);
        if (bearer.Fault is not null)
        {
            context.Fail(bearer.Fault);
        }
        else if (bearer.Text.IsEmpty)
        {
            context.NoResult();
        }
        else if (tokens.Find(bearer.Text.Span) is { } known)
        {
            // Keys that have become old are fetched behind it, after which no token is known.
            await keys.PrepareAsync(known.KeyId, context.HttpContext.RequestAborted);
            context.HttpContext.Features.Set(known.Claims);
            context.Principal = known.Principal;
            context.Success();
        }
        else
        {
            await PrepareAsync(context, bearer.Text.ToString());
        }
    }

    private async Task PrepareAsync(MessageReceivedContext context, string token)
    {
        if (!TokenHeader.TryReadKeyId(token, out var keyId))
        {
            context.Fail("The token is not a signed JWT. Opaque tokens are not taken.");
        }
        else if (!await keys.PrepareAsync(keyId, context.HttpContext.RequestAborted))
        {
            context.Fail("The issuer's keys are not available, so the token cannot be validated.");
        }
        else
        {
            context.HttpContext.Features.Set(keys.Current);
            context.Token = token;
        }
    }

    public override Task TokenValidated(TokenValidatedContext context)
    {
        try
        {
            var token = (JsonWebToken)context.SecurityToken;
            using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
            var claims = TokenClaimsReader.Read(payload.RootElement, options.Value.ProjectId);
            context.HttpContext.Features.Set(claims);
            Remember(context, token, claims);
        }
        catch (JsonException)
        {
            // The library reads no deeper than it has to: what an event throws would be a 500.
            context.Fail("The token's claims cannot be read.");
        }

        return Task.CompletedTask;
    }

    /// <summary>Only where the keys are those of before: it may have been validated with one that is withdrawn by now.</summary>
    private void Remember(TokenValidatedContext context, JsonWebToken token, TokenClaims claims)
    {
        if (context.Principal is { } principal && keys.Current is { } current && ReferenceEquals(current, context.HttpContext.Features.Get<KeySet>()))
        {
            var until = new DateTimeOffset(token.ValidTo, TimeSpan.Zero) + options.Value.ClockSkew;
            tokens.Add(token.EncodedToken, new KnownToken(principal, claims, token.Kid is { Length: > 0 } keyId ? keyId : null, current, until));
        }
    }

    public override Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        var reason = context.AuthenticateFailure is { } failure ? ReasonOf(failure) : null;
        context.Response.Headers.WWWAuthenticate = reason is null
            ? $"{Scheme} realm=\"kataven\""
            : $"{Scheme} realm=\"kataven\", error=\"invalid_token\", error_description=\"{reason}\"";
        var detail = reason ?? $"Send a token of the issuer in the header Authorization: {Scheme} <token>.";
        return ProblemWriter.WriteAsync(context.HttpContext, Refusal.Of(ErrorCode.Unauthorized, detail));
    }

    /// <summary>Sentences of our own: those of the library carry parts of the token.</summary>
    private static string ReasonOf(Exception failure) => failure switch
    {
        AuthenticationFailureException => failure.Message,
        SecurityTokenExpiredException => "The token has expired.",
        SecurityTokenNotYetValidException => "The token is not valid yet.",
        SecurityTokenNoExpirationException => "The token has no expiry.",
        SecurityTokenInvalidAudienceException => "The token is for another audience.",
        SecurityTokenInvalidIssuerException => "The token is of another issuer.",
        SecurityTokenSignatureKeyNotFoundException => "The token is signed with a key that its issuer does not publish.",
        _ => "The token is not valid.",
    };
}
