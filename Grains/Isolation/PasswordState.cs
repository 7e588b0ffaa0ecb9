namespace Kataven.Grains.Isolation;

/// <summary>How a password stands in the system database.</summary>
internal enum PasswordState
{
    /// <summary>As a new one would: encrypted with the key, or as it is where there is none.</summary>
    Current,

    /// <summary>Encrypted with a former key.</summary>
    Former,

    /// <summary>As it is, although there is a key by now.</summary>
    Clear,

    /// <summary>Encrypted with a key that this process does not have, or put there from another account's row.</summary>
    Unreadable,
}
