using System.Text.Json;
using Kataven.Accounts;
using Kataven.Errors;

namespace Kataven.Api.Authentication;

/// <summary>The body of <c>POST /dev/token</c>.</summary>
internal sealed record DevelopmentTokenRequest(AccountId Account, TimeSpan Lifetime)
{
    public const int DefaultLifetimeSeconds = 43_200;
    public const int MaxLifetimeSeconds = 86_400;

    public static (DevelopmentTokenRequest? Request, Refusal? Refusal) Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object
            || !body.TryGetProperty("account_id", out var slug) || slug.ValueKind != JsonValueKind.String)
        {
            return (null, Invalid("The body has to be an object with the string account_id: {\"account_id\":\"acme\"}."));
        }

        var lifetime = DefaultLifetimeSeconds;
        if (body.TryGetProperty("lifetime_seconds", out var seconds)
            && !(seconds.ValueKind == JsonValueKind.Number && seconds.TryGetInt32(out lifetime) && lifetime is >= 1 and <= MaxLifetimeSeconds))
        {
            return (null, Invalid($"lifetime_seconds has to be a whole number from 1 to {MaxLifetimeSeconds}."));
        }

        return AccountId.TryParse(slug.GetString(), out var account)
            ? (new DevelopmentTokenRequest(account, TimeSpan.FromSeconds(lifetime)), null)
            : (null, Refusal.InvalidAccount("account_id is no account's slug: 1 to 63 of a-z, 0-9, _ and -, the first being a letter or a digit."));
    }

    public static Refusal Invalid(string detail) => Refusal.Of(ErrorCode.InvalidRequest, detail);
}
