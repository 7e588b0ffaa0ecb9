namespace Kataven.Accounts;

/// <summary>Where an account stands. Only <see cref="Active"/> is served.</summary>
[GenerateSerializer, Alias("kataven.AccountStatus")]
public enum AccountStatus
{
    Provisioning,
    Active,
    Suspended,
    Deleting,
    Failed,
}
