using System.Text.RegularExpressions;

namespace Kataven.Baseline.Accounts;

/// <summary>Whether a request may be served, and for which account.</summary>
internal static partial class AccountCheck
{
    private const string OrganisationName = "urn:zitadel:iam:user:resourceowner:name";

    /// <returns>The account, or the status and code that refuse.</returns>
    public static async ValueTask<(string? Account, int Status, string Code)> RunAsync(HttpContext context, AccountRegistry registry)
    {
        var header = context.Request.Headers["X-Account-ID"];
        if (header.Count != 1 || header[0] is not { } account || !Slug().IsMatch(account))
        {
            return (null, StatusCodes.Status400BadRequest, "invalid_account");
        }

        if (account.StartsWith('_') || account is "kataven-admin" or "postgres" or "system" or "template0" or "template1")
        {
            return (null, StatusCodes.Status403Forbidden, "reserved_account");
        }

        if (context.User.FindFirst(OrganisationName)?.Value != account)
        {
            return (null, StatusCodes.Status403Forbidden, "account_forbidden");
        }

        return await registry.StatusAsync(account) switch
        {
            null => (null, StatusCodes.Status400BadRequest, "invalid_account"),
            "active" => (account, StatusCodes.Status200OK, ""),
            _ => (null, StatusCodes.Status403Forbidden, "account_inactive"),
        };
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,62}\z")]
    private static partial Regex Slug();
}
