using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kataven.Accounts;

namespace Kataven.Api.Authentication;

/// <summary>The payload of a development token: the claims that Zitadel would put there.</summary>
internal static class DevelopmentClaims
{
    public const string ClientId = "kataven-development";

    /// <param name="request">For whom, and for how long.</param>
    /// <param name="orgId">The organisation that the account is bound to, or null.</param>
    /// <param name="options">Issuer and audience.</param>
    /// <param name="now">The time of issue.</param>
    public static string Payload(DevelopmentTokenRequest request, string? orgId, AuthOptions options, DateTimeOffset now)
    {
        var slug = request.Account.Value;
        var issued = now.ToUnixTimeSeconds();
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["iss"] = options.DevelopmentIssuer,
            ["sub"] = StableId("user", slug),
            ["aud"] = new[] { options.EffectiveAudience },
            ["exp"] = issued + (long)request.Lifetime.TotalSeconds,
            ["iat"] = issued,
            ["nbf"] = issued,
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["client_id"] = ClientId,
            [TokenClaimsReader.HomeId] = orgId ?? StableId("organisation", slug),
            [TokenClaimsReader.HomeName] = slug,
            [TokenClaimsReader.HomePrimaryDomain] = $"{slug}.localhost",
        });
    }

    /// <summary>18 digits like those of Zitadel, the same for the same slug at each front door.</summary>
    private static string StableId(string kind, string slug)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{slug}"));
        var number = BinaryPrimitives.ReadUInt64BigEndian(hash) % 900_000_000_000_000_000 + 100_000_000_000_000_000;
        return number.ToString(CultureInfo.InvariantCulture);
    }
}
