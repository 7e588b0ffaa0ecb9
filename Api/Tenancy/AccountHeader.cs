using Kataven.Accounts;
using Kataven.Errors;
using Microsoft.Extensions.Primitives;

namespace Kataven.Api.Tenancy;

/// <summary>The header that says which account a request is for.</summary>
internal static class AccountHeader
{
    public const string Name = "X-Account-ID";

    /// <summary>Checks 2 and 3: sent once and not empty, and well formed. Silent where it was not sent.</summary>
    public static AccountVerdict Read(StringValues values) => values.Count switch
    {
        0 => AccountVerdict.Silent,
        > 1 => Refuse($"{Name} is sent more than once."),
        _ when string.IsNullOrWhiteSpace(values[0]) => Refuse($"{Name} is empty."),
        _ when AccountId.TryParse(values[0], out var account) => AccountVerdict.Of(account),
        _ => Refuse($"{Name} is no account's slug: 1 to 63 of a-z, 0-9, _ and -, the first being a letter or a digit."),
    };

    private static AccountVerdict Refuse(string detail) => AccountVerdict.Refused(Refusal.InvalidAccount(detail));
}
