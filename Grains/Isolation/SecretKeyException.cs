namespace Kataven.Grains.Isolation;

/// <summary>The password of an account's role cannot be read, or a new one could not be read beside those that are there.</summary>
internal sealed class SecretKeyException() : Exception(ForOperators)
{
    /// <summary>For those who operate the service.</summary>
    public const string ForOperators =
        "Passwords in the system database are encrypted with a key that this process does not have: set Kataven:Secrets:Key to it, or add it to Kataven:Secrets:FormerKeys.";

    /// <summary>For accounts, whom the service's settings are nothing to.</summary>
    public const string ForAccounts = "The account's credentials cannot be read at present.";
}
