using Kataven.Fuzz.Bodies;
using Kataven.Fuzz.Cases;
using Kataven.Fuzz.Wire;

namespace Kataven.Fuzz.Routes;

/// <summary>Paths, methods and query strings, with the token of an account and with that of the administration.</summary>
internal sealed class RouteCases(Actors actors)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "get", "FOO", "PROPFIND"];

    private static readonly string[] Paths =
    [
        "/", "//", "/api", "/api/", "/API/QUERY", "/api/query/", "/api//query", "/api/./query", "/api/x/../query", "/api/%71uery", "/api/query%2f", "/api/query%00",
        "/api/query;a=b", "/api/query?sql=select%201", "/api/transactions/x/query", "/api/admin", "/api/admin/", "/%61pi/admin/accounts", "/api/%2e%2e/api/admin/pools",
        "/.well-known/openid-configuration", "/oauth/v2/keys", "/dev/token", "/health/live", "/openapi/v1.json", "/metrics", "/docs", "/favicon.ico", "/%ff%fe", "/\u00e9",
    ];

    private static readonly string[] Resources = ["accounts", "pools", "audit", "cluster", "isolation", "operations", "migrations", "rollouts"];

    public FuzzCase Make(ulong seed, Dice dice)
    {
        var isAdmin = dice.OneIn(2);
        var account = dice.Of(actors.Attackers);
        var (method, target) = isAdmin ? (dice.Of("GET", "GET", "PATCH", "POST", "PUT"), AdminTarget(dice)) : (dice.Of(Methods), Target(dice));
        var message = new HttpMessage(method, target).Acting(account, isAdmin ? actors.AdminToken : actors.Tokens[account]);
        if (method is not ("GET" or "HEAD") || dice.OneIn(10))
        {
            message.Json(AdminBody(dice));
        }

        return new FuzzCase
        {
            Seed = seed,
            Kind = CaseKind.Route,
            Bytes = message.ToBytes(),
            MayBeNoHttp = true,
            SpoilsConnection = true,
            RunsSql = true,
            MayBeRateLimited = target.Contains("validate", StringComparison.OrdinalIgnoreCase),
        };
    }

    private string Target(Dice dice) => dice.Below(5) switch
    {
        0 => $"/api/accounts/validate/{Uri.EscapeDataString(Slug(dice))}",
        1 => $"/api/admin/{dice.Of(Resources)}/{dice.Of("", actors.Victim, actors.Victim + "/suspension", "x")}",
        2 => $"/{dice.Repeat(0, 5, "/", () => Uri.EscapeDataString(Valid(JunkText.Make(dice))))}",
        _ => dice.Of(Paths).Replace("\u00e9", dice.OneIn(2) ? "\u00e9" : "%C3%A9", StringComparison.Ordinal),
    };

    /// <summary>None of these stops the attackers or the victim.</summary>
    private string AdminTarget(Dice dice)
    {
        var id = dice.OneIn(3) ? Uri.EscapeDataString(Slug(dice)) : actors.Scratch;
        return "/api/admin/" + dice.Below(8) switch
        {
            0 => $"accounts/{id}",
            1 => $"accounts?{dice.Repeat(0, 4, "&", () => $"{dice.Of("status", "q", "after", "limit", "behind", "backup_older_than", "x")}={Uri.EscapeDataString(Valid(JunkText.Make(dice)))}")}",
            2 => $"audit?{dice.Repeat(0, 3, "&", () => $"{dice.Of("account", "after", "limit", "x")}={Uri.EscapeDataString(Valid(JunkText.Make(dice)))}")}",
            3 => $"accounts/{id}/{dice.Of("isolation", "isolation/repair", "credentials/rotation", "suspension", "backups", "x")}",
            4 => $"pools/{id}{dice.Of("", "/warmth")}",
            _ => $"accounts/{id}",
        };
    }

    private static string AdminBody(Dice dice) => dice.Below(4) switch
    {
        0 => JunkJson.Value(dice),
        1 => JunkJson.Broken(dice),
        2 => $"{{\"limits\":{{{dice.Repeat(0, 4, ",", () => $"\"{dice.Of("max_lanes", "max_queue", "wait_timeout_ms", "statement_timeout_ms", "max_result_bytes", "requests_per_second", "x")}\":{JunkJson.Value(dice)}")}}}}}",
        // Never account_id: a case makes no account.
        _ => $"{{{dice.Repeat(0, 4, ",", () => $"\"{dice.Of("account_name", "org_id", "limits", "reason", "status", "database_name")}\":{JunkJson.Value(dice)}")}}}",
    };

    private static string Slug(Dice dice) => dice.Below(4) switch
    {
        0 => Valid(JunkText.Make(dice)),
        1 => dice.Of("kataven-admin", "system", "postgres", "template0", "_x", "a\n", "-a", "A", ".", "..", new string('a', 64)),
        _ => dice.Repeat(1, 12, "", () => dice.Of("a", "b", "0", "-", "_")),
    };

    private static string Valid(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
