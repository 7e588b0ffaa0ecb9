using System.Collections.Immutable;
using System.Text.Json;

namespace Kataven.Api.Authentication;

/// <summary>
/// Reads the organisations out of a validated token's payload. Only <c>urn:zitadel:iam:*</c> claims count: flat ones
/// can be added by whoever administers an organisation. What has not the expected type is as good as absent.
/// </summary>
internal static class TokenClaimsReader
{
    public const string HomeId = "urn:zitadel:iam:user:resourceowner:id";
    public const string HomeName = "urn:zitadel:iam:user:resourceowner:name";
    public const string HomePrimaryDomain = "urn:zitadel:iam:user:resourceowner:primary_domain";
    public const string AskedForId = "urn:zitadel:iam:org:id";

    public static TokenClaims Read(JsonElement payload, string? projectId)
    {
        try
        {
            return payload.ValueKind == JsonValueKind.Object ? ReadObject(payload, projectId) : new TokenClaims();
        }
        catch (InvalidOperationException)
        {
            // A name with a lone surrogate, written as an escape, is valid JSON and no text: nothing can be looked up beside it.
            return new TokenClaims();
        }
    }

    private static TokenClaims ReadObject(JsonElement payload, string? projectId)
    {
        var home = Home(payload);
        var granted = Granted(payload, RolesClaim(projectId), home);
        var askedFor = Text(payload, AskedForId) is { } id ? AskedFor(id, home, granted) : null;
        return new TokenClaims
        {
            Subject = Text(payload, "sub"),
            Home = home,
            AskedFor = askedFor,
            Granted = granted,
            Organisations = [.. new[] { askedFor, home }.OfType<Organisation>().Concat(granted).Distinct()],
        };
    }

    /// <summary>With a project of our own, a role of the same name in another project does not count.</summary>
    public static string RolesClaim(string? projectId) => string.IsNullOrWhiteSpace(projectId)
        ? "urn:zitadel:iam:org:project:roles"
        : $"urn:zitadel:iam:org:project:{projectId}:roles";

    private static Organisation? Home(JsonElement payload)
    {
        var home = new Organisation(Text(payload, HomeId), Text(payload, HomeName), Text(payload, HomePrimaryDomain));
        return home is { Id: null, Name: null, PrimaryDomain: null } ? null : home;
    }

    private static Organisation AskedFor(string id, Organisation? home, ImmutableArray<Organisation> granted) =>
        home?.Id == id ? home : granted.FirstOrDefault(organisation => organisation.Id == id) ?? new Organisation(id, null, null);

    private static ImmutableArray<Organisation> Granted(JsonElement payload, string claim, Organisation? home)
    {
        if (!payload.TryGetProperty(claim, out var roles))
        {
            return [];
        }

        var found = new Dictionary<string, Organisation>(StringComparer.Ordinal);
        foreach (var (id, domain) in Objects(roles).SelectMany(Members).Where(IsObject).SelectMany(Grants))
        {
            // The home organisation keeps its name: with a second one, from its domain, it would stand for two accounts.
            found.TryAdd(id, id == home?.Id ? home : new Organisation(id, null, domain));
        }

        return [.. found.Values];
    }

    private static IEnumerable<JsonElement> Objects(JsonElement roles) => roles.ValueKind switch
    {
        JsonValueKind.Object => [roles],
        JsonValueKind.Array => roles.EnumerateArray().Where(IsObject),
        _ => [],
    };

    private static IEnumerable<JsonElement> Members(JsonElement roles) => roles.EnumerateObject().Select(role => role.Value);

    private static bool IsObject(JsonElement element) => element.ValueKind == JsonValueKind.Object;

    private static IEnumerable<(string Id, string? Domain)> Grants(JsonElement role) => role.EnumerateObject()
        .Where(grant => grant.Value.ValueKind == JsonValueKind.String && grant.Name.Length > 0)
        .Select(grant => (grant.Name, Text(grant.Value)));

    private static string? Text(JsonElement payload, string claim) =>
        payload.TryGetProperty(claim, out var value) ? Text(value) : null;

    private static string? Text(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            // The same in a value.
            return null;
        }
    }
}
