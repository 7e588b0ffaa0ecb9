using Kataven.Accounts;
using Kataven.Api.Errors;
using Kataven.Errors;

namespace Kataven.Api.Accounts;

/// <summary>The account that a route below <c>/api/admin</c> names.</summary>
internal static class RouteAccount
{
    public const string SlugRule = "1 to 63 of a-z, 0-9, _ and -, the first being a letter or a digit";

    /// <exception cref="RequestFault"><c>invalid_account</c>.</exception>
    public static AccountId Parse(string id) => AccountId.TryParse(id, out var account)
        ? account
        : throw new RequestFault(ErrorCode.InvalidAccount, $"The path names no account's slug: {SlugRule}.");
}
