namespace Kataven.Grains.Isolation;

/// <summary>How the passwords of the accounts' roles are kept.</summary>
public sealed class SecretOptions
{
    public const string Section = "Kataven:Secrets";

    /// <summary>
    /// 32 random bytes in base64 (<c>openssl rand -base64 32</c>): passwords are encrypted with it at rest. Without it they
    /// stand as they are in the system database, and the start says so.
    /// </summary>
    public string? Key { get; set; }

    /// <summary>Keys that passwords were encrypted with before: they are read with them, and never written.</summary>
    public IReadOnlyList<string> FormerKeys { get; set; } = [];
}
