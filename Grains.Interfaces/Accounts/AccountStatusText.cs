namespace Kataven.Accounts;

/// <summary>A status as the table <c>accounts</c> and the answers spell it.</summary>
public static class AccountStatusText
{
    public static string Of(AccountStatus status) => status switch
    {
        AccountStatus.Provisioning => "provisioning",
        AccountStatus.Active => "active",
        AccountStatus.Suspended => "suspended",
        AccountStatus.Deleting => "deleting",
        _ => "failed",
    };

    public static bool TryParse(string? text, out AccountStatus status)
    {
        foreach (var candidate in Enum.GetValues<AccountStatus>())
        {
            if (Of(candidate) == text)
            {
                status = candidate;
                return true;
            }
        }

        status = default;
        return false;
    }
}
